extension HouseholdIntent {
  /// The shopping list and notes.
  static let lists = [
    HouseholdIntent(
      name: "shopping.add",
      arguments: [("item", .item)],
      commands: [
        "add {item} to the shopping list", "put {item} on the list", "add {item} to the list",
        "get {item} next time", "order {item}", "note {item} for the shop",
      ],
      remarks: ["we are out of {item}", "we need {item}", "the shop should bring {item}"]
    ),
    HouseholdIntent(
      name: "shopping.remove",
      arguments: [("item", .item)],
      commands: [
        "take {item} off the list", "remove {item} from the shopping list",
        "cross {item} off the list", "delete {item} from the list", "skip {item} this time",
      ],
      remarks: ["I already bought {item}", "we have enough {item}"]
    ),
    HouseholdIntent(
      name: "note.add",
      arguments: [("text", .fact)],
      commands: [
        "note that {text}", "make a note that {text}", "remember that {text}",
        "write down that {text}", "save a note saying {text}", "keep in mind that {text}",
      ],
      remarks: ["for the record, {text}"]
    ),
  ]
}
