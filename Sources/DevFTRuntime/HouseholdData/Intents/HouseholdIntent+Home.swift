extension HouseholdIntent {
  /// Lights, doors and the vacuum cleaner.
  static let home = [
    HouseholdIntent(
      name: "lights.on",
      arguments: [("room", .room)],
      commands: [
        "turn on the lights in the {room}", "turn the {room} lights on",
        "switch on the {room} light", "lights on in the {room}", "put the {room} lights on",
        "light up the {room}", "give me some light in the {room}",
      ],
      remarks: ["it's too dark in the {room}", "I can't see a thing in the {room}"]
    ),
    HouseholdIntent(
      name: "lights.off",
      arguments: [("room", .room)],
      commands: [
        "turn off the lights in the {room}", "turn the {room} lights off",
        "switch off the {room} light", "lights out in the {room}", "kill the {room} lights",
        "make the {room} dark",
      ],
      remarks: ["nobody needs light in the {room}", "somebody left the {room} lights on"]
    ),
    HouseholdIntent(
      name: "lights.dim",
      arguments: [("room", .room), ("percent", .percent)],
      commands: [
        "dim the {room} lights to {percent}", "set the lights in the {room} to {percent}",
        "bring the {room} lights down to {percent}", "put the {room} light at {percent}",
        "make the {room} lights {percent}",
      ],
      remarks: ["{percent} light is enough in the {room}"]
    ),
    HouseholdIntent(
      name: "doors.lock",
      arguments: [("door", .door)],
      commands: [
        "lock the {door}", "lock up the {door}", "make sure the {door} is locked",
        "secure the {door}", "shut and lock the {door}", "bolt the {door}",
      ],
      remarks: ["I forgot to lock the {door}", "we are leaving by the {door}, lock it"]
    ),
    HouseholdIntent(
      name: "doors.unlock",
      arguments: [("door", .door)],
      commands: [
        "unlock the {door}", "open up the {door}", "unbolt the {door}", "let me in by the {door}",
        "take the lock off the {door}",
      ],
      remarks: ["someone is waiting at the {door}, let them in", "I am stuck outside the {door}"]
    ),
    HouseholdIntent(
      name: "vacuum.start",
      arguments: [("room", .room)],
      commands: [
        "vacuum the {room}", "clean the floor in the {room}", "send the robot to the {room}",
        "start the vacuum in the {room}", "hoover the {room}", "run the robot in the {room}",
      ],
      remarks: ["there are crumbs all over the {room}", "the {room} floor is filthy"]
    ),
    HouseholdIntent(
      name: "vacuum.dock",
      commands: [
        "stop the vacuum", "send the vacuum home", "park the robot", "stop cleaning",
        "dock the vacuum", "call the robot back", "put the vacuum back on its charger",
      ],
      remarks: ["that robot is too loud, send it home", "the vacuum can stop now"]
    ),
  ]
}
