extension HouseholdIntent {
  /// Heating, blinds and the weather outside.
  static let climate = [
    HouseholdIntent(
      name: "heating.set",
      arguments: [("room", .room), ("degrees", .degrees)],
      commands: [
        "set the {room} to {degrees}", "heat the {room} to {degrees}",
        "set the heating in the {room} to {degrees}", "warm the {room} up to {degrees}",
        "make it {degrees} in the {room}", "put the {room} thermostat on {degrees}",
      ],
      remarks: ["I want {degrees} in the {room}", "the {room} should be at {degrees}"]
    ),
    HouseholdIntent(
      name: "heating.off",
      arguments: [("room", .room)],
      commands: [
        "turn off the heating in the {room}", "switch the {room} heating off",
        "stop heating the {room}", "shut off the {room} radiator", "no more heat in the {room}",
      ],
      remarks: ["it's far too hot in the {room}", "the {room} needs no heating"]
    ),
    HouseholdIntent(
      name: "blinds.open",
      arguments: [("room", .room)],
      commands: [
        "open the blinds in the {room}", "open the {room} blinds", "raise the {room} blinds",
        "pull up the blinds in the {room}", "let the sun into the {room}",
        "roll up the {room} shades",
      ],
      remarks: ["I'd like some daylight in the {room}"]
    ),
    HouseholdIntent(
      name: "blinds.close",
      arguments: [("room", .room)],
      commands: [
        "close the blinds in the {room}", "close the {room} blinds", "lower the {room} blinds",
        "pull down the blinds in the {room}", "keep the sun out of the {room}",
        "roll down the {room} shades",
      ],
      remarks: ["the sun is blinding me in the {room}", "the neighbours can see into the {room}"]
    ),
    HouseholdIntent(
      name: "weather.get",
      arguments: [("place", .place), ("day", .day)],
      commands: [
        "check the weather in {place} {day}", "tell me the weather for {place} {day}",
        "get the forecast for {place} {day}", "look up the {place} weather {day}",
      ],
      remarks: [
        "what's the weather in {place} {day}", "will it rain in {place} {day}",
        "do I need a coat in {place} {day}", "how warm will {place} be {day}",
        "is it sunny in {place} {day}",
      ]
    ),
  ]
}
