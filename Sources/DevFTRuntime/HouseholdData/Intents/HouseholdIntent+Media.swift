extension HouseholdIntent {
  /// Music, loudness and television.
  static let media = [
    HouseholdIntent(
      name: "music.play",
      arguments: [("what", .music), ("room", .room)],
      commands: [
        "play {what} in the {room}", "put on {what} in the {room}", "start {what} in the {room}",
        "stream {what} to the {room}",
        "let me hear {what} in the {room}",
      ],
      remarks: ["I feel like {what} in the {room}", "how about {what} in the {room}"]
    ),
    HouseholdIntent(
      name: "music.stop",
      arguments: [("room", .room)],
      commands: [
        "stop the music in the {room}", "turn off the {room} music", "silence the {room} speaker",
        "no more music in the {room}", "pause the music in the {room}",
      ],
      remarks: ["I want some quiet in the {room}", "enough music in the {room}"]
    ),
    HouseholdIntent(
      name: "volume.set",
      arguments: [("room", .room), ("percent", .percent)],
      commands: [
        "set the volume in the {room} to {percent}", "turn the {room} speaker to {percent}",
        "put the {room} volume at {percent}", "change the {room} volume to {percent}",
      ],
      remarks: ["I want the {room} speaker at {percent}"]
    ),
    HouseholdIntent(
      name: "tv.play",
      arguments: [("show", .show)],
      commands: [
        "put {show} on the tv", "play {show} on the tv", "turn on {show} on television",
        "show me {show}", "start {show} on the screen", "switch the tv to {show}",
      ],
      remarks: ["I want to watch {show}", "{show} is on now, I want to see it"]
    ),
    HouseholdIntent(
      name: "tv.off",
      commands: [
        "turn off the tv", "switch the tv off", "stop the television", "tv off",
        "shut down the screen", "turn the television off", "kill the tv",
      ],
      remarks: ["nobody is watching the tv", "that is enough television"]
    ),
  ]
}
