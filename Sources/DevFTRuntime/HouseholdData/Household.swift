import DevFTTensor

/// One home: what it asks for, in which words, about which rooms, people and things.
struct Household {
  /// Name, `h01` to `h24`.
  let name: String
  private let words: [Slot: [String]]
  private let days: [String]
  private let manners: Manners
  private let clock: ClockTime.Style
  private let spellsNumbers: Bool
  private let usesPercentSign: Bool
  private let usesFahrenheit: Bool
  /// For each intent its weight, and the phrases in use with the favourite first.
  private let habits: [(intent: HouseholdIntent, weight: Double, phrases: [Int])]

  /// Draws a household.
  ///
  /// - Parameters:
  ///   - seed: Seed of the data set.
  ///   - index: From 0.
  ///   - isHeldOut: Whether its own words are those that no training household uses.
  init(seed: UInt64, index: Int, isHeldOut: Bool) {
    var stream = RandomStream(seed: seed, purpose: "household", client: index)
    name = "h" + (index < 9 ? "0" : "") + String(index + 1)
    var words: [Slot: [String]] = [:]
    for slot in Slot.allCases {
      guard let vocabulary = Vocabulary.words(for: slot) else { continue }
      let foreign = isHeldOut ? vocabulary.unseen : vocabulary.own
      let chosen =
        stream.nextChoices(vocabulary.takes.common, from: vocabulary.common)
        + stream.nextChoices(vocabulary.takes.own, from: foreign)
      words[slot] = stream.nextChoices(chosen.count, from: chosen)
    }
    self.words = words
    days = stream.nextChoices(5, from: Self.allDays)
    manners = Manners(&stream)
    clock = stream.nextChoice(from: ClockTime.Style.allCases)
    spellsNumbers = stream.nextUniform() < 0.4
    usesPercentSign = stream.nextUniform() < 0.4
    usesFahrenheit = stream.nextUniform() < 0.4
    habits = HouseholdIntent.all.map { intent in
      // The sixth power makes a few intents frequent and most of them rare; held-out households ask
      // for everything, so that every action is evaluated.
      let draw = stream.nextUniform()
      let cube = draw * draw * draw
      let phrases = stream.nextChoices(5, from: Array(intent.phrases.indices))
      return (intent, cube * cube + (isHeldOut ? 0.25 : 0.02), phrases)
    }
  }

  private static let allDays = [
    "today", "tomorrow", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    "Sunday",
  ]

  /// Draws a request and its answer.
  func example(_ stream: inout RandomStream) -> HouseholdExample {
    let (intent, phraseIndex) = nextPhrase(&stream)
    var action = HouseholdAction(name: intent.name, arguments: [])
    var phrase = intent.phrases[phraseIndex]
    for argument in intent.arguments {
      let (text, value) = fill(argument.slot, &stream)
      phrase = phrase.replacingSlot(argument.key, with: text)
      action.arguments.append((argument.key, value))
    }
    let request = manners.request(
      phrase,
      isCommand: phraseIndex < intent.commands.count,
      mayClose: !intent.arguments.contains { $0.slot.isFreeText },
      &stream
    )
    return HouseholdExample(
      household: name,
      intent: intent.name,
      request: request,
      answer: action.json
    )
  }

  private func nextPhrase(_ stream: inout RandomStream) -> (HouseholdIntent, Int) {
    var rest = stream.nextUniform() * habits.reduce(0) { $0 + $1.weight }
    var chosen = habits[habits.count - 1]
    for habit in habits {
      rest -= habit.weight
      if rest < 0 {
        chosen = habit
        break
      }
    }
    return (chosen.intent, stream.nextFavourite(of: chosen.phrases))
  }
}

// MARK: - Slots

extension Household {
  /// Draws what stands in a slot: how it is said, and how the action states it.
  private func fill(
    _ slot: Slot,
    _ stream: inout RandomStream
  ) -> (text: String, value: HouseholdAction.Value) {
    switch slot {
    case .percent:
      let number = 5 * (1 + stream.nextIndex(below: 19))
      let text = usesPercentSign ? "\(number)%" : "\(spoken(number)) percent"
      return (text, .number(number))
    case .degrees:
      let number =
        usesFahrenheit ? 60 + stream.nextIndex(below: 17) : 15 + stream.nextIndex(below: 10)
      return ("\(spoken(number)) degrees", .number(number))
    case .duration:
      let minutes = stream.nextChoice(from: SpokenDuration.minutes)
      return (SpokenDuration.text(minutes: minutes, inWords: spellsNumbers), .number(minutes))
    case .clock:
      let time = ClockTime(
        hour: 6 + stream.nextIndex(below: 16),
        minute: 15 * stream.nextIndex(below: 4)
      )
      return (time.text(clock), .text(time.normalised))
    case .day:
      let day = stream.nextFavourite(of: days)
      return (day.first?.isUppercase == true ? "on \(day)" : day, .text(day))
    default:
      let word = stream.nextFavourite(of: words[slot] ?? [])
      return (word, .text(word))
    }
  }

  private func spoken(_ number: Int) -> String {
    spellsNumbers ? NumberWords.spell(number) : String(number)
  }
}

extension String {
  /// The text with `{key}` replaced.
  fileprivate func replacingSlot(_ key: String, with word: String) -> String {
    guard let range = firstRange(of: "{\(key)}") else { return self }
    return replacingCharacters(in: range, with: word)
  }

  private func replacingCharacters(in range: Range<Index>, with word: String) -> String {
    String(self[..<range.lowerBound]) + word + self[range.upperBound...]
  }
}
