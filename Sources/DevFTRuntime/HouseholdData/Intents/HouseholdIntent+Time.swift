extension HouseholdIntent {
  /// Timers, alarms, reminders and the calendar.
  static let time = [
    HouseholdIntent(
      name: "timer.set",
      arguments: [("label", .label), ("minutes", .duration)],
      commands: [
        "set a {label} timer for {minutes}", "start a timer of {minutes} for the {label}",
        "time the {label} for {minutes}", "give the {label} {minutes}",
        "count {minutes} for the {label}", "set {minutes} on the clock for the {label}",
      ],
      remarks: ["the {label} needs {minutes}", "the {label} is done in {minutes}"]
    ),
    HouseholdIntent(
      name: "timer.cancel",
      arguments: [("label", .label)],
      commands: [
        "cancel the {label} timer", "stop the timer for the {label}", "drop the {label} timer",
        "forget the {label} timer", "turn the {label} timer off",
      ],
      remarks: ["I don't need the {label} timer any more"]
    ),
    HouseholdIntent(
      name: "alarm.set",
      arguments: [("day", .day), ("time", .clock)],
      commands: [
        "wake me at {time} {day}", "set an alarm for {time} {day}", "wake me up {day} at {time}",
        "put the alarm on for {time} {day}", "get me out of bed {day} at {time}",
      ],
      remarks: ["I have to get up at {time} {day}", "I need an alarm {day} at {time}"]
    ),
    HouseholdIntent(
      name: "reminder.set",
      arguments: [("task", .errand), ("time", .clock)],
      commands: [
        "remind me at {time} to {task}", "remind me to {task} at {time}",
        "at {time} remind me to {task}", "nudge me at {time} to {task}",
        "don't let me forget to {task} at {time}",
      ],
      remarks: ["I must {task} at {time}, remind me", "I'll need a reminder at {time} to {task}"]
    ),
    HouseholdIntent(
      name: "calendar.add",
      arguments: [("event", .event), ("day", .day), ("time", .clock)],
      commands: [
        "put the {event} in the calendar {day} at {time}", "add the {event} {day} at {time}",
        "schedule the {event} for {time} {day}", "book the {event} {day} at {time}",
        "write down the {event} {day} at {time}",
      ],
      remarks: ["the {event} is {day} at {time}", "we have the {event} at {time} {day}"]
    ),
  ]
}
