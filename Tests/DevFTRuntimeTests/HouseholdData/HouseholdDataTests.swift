import DevFTTensor
import Foundation
import Testing

@testable import DevFTRuntime

@Suite("Household data")
struct HouseholdDataTests {
  static let rows = HouseholdData(seed: 7).generate()
  static let everyRow = rows.train + rows.heldOut + rows.familiar

  @Test("the counts are those that the demo states")
  func counts() {
    #expect(Self.rows.train.count == 4300)
    #expect(Self.rows.heldOut.count == 200)
    #expect(Self.rows.familiar.count == 200)
    #expect(Set(Self.everyRow.map(\.intent)).count == HouseholdIntent.all.count)
    #expect(Set(Self.everyRow.map { $0.intent.split(separator: ".")[0] }).count >= 12)
  }

  @Test("twenty households train and four others are held out")
  func households() {
    let train = Set(Self.rows.train.map(\.household))
    let heldOut = Set(Self.rows.heldOut.map(\.household))
    #expect(train.sorted() == (1...20).map { ($0 < 10 ? "h0" : "h") + "\($0)" })
    #expect(heldOut == ["h21", "h22", "h23", "h24"])
    #expect(Set(Self.rows.familiar.map(\.household)) == train)
    #expect(Set(Self.rows.heldOut.prefix(4).map(\.household)) == heldOut)
  }

  @Test("no request of an evaluation file is trained on, and no household repeats itself")
  func disjoint() {
    let trained = Set(Self.rows.train.map(\.request))
    for row in Self.rows.heldOut + Self.rows.familiar { #expect(!trained.contains(row.request)) }
    #expect(Set(Self.rows.train.map { $0.household + $0.request }).count == 4300)
  }

  @Test("equal requests have equal answers, even without capitals and marks", arguments: 1...8)
  func unambiguous(seed: UInt64) {
    let rows = HouseholdData(seed: seed).generate()
    var answers: [String: String] = [:]
    for row in rows.train + rows.heldOut + rows.familiar {
      let words = row.request.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }
      let known = answers.updateValue(row.answer, forKey: words) ?? row.answer
      #expect(known == row.answer, "\(row.request)")
    }
  }

  @Test("every row is short and every answer is a JSON object with the intent's keys in order")
  func shape() throws {
    let keys = Dictionary(
      uniqueKeysWithValues: HouseholdIntent.all.map { ($0.name, $0.arguments.map(\.key)) }
    )
    for row in Self.everyRow {
      #expect(row.request.split(separator: " ").count <= 20, "\(row.request)")
      #expect(row.answer.utf8.count <= 110, "\(row.answer)")
      let object = try JSONSerialization.jsonObject(with: Data(row.answer.utf8))
      let fields = try #require(object as? [String: Any])
      #expect(fields["action"] as? String == row.intent)
      let expected = try #require(keys[row.intent])
      #expect(Set(fields.keys) == Set(["action"] + expected))
      let positions = expected.compactMap { row.answer.range(of: ",\"\($0)\":")?.lowerBound }
      #expect(positions.count == expected.count)
      #expect(positions == positions.sorted())
    }
  }

  @Test("words are copied from the request")
  func copies() throws {
    let copied: Set = ["room", "door", "label", "to", "text", "task", "event", "item", "what"]
    for row in Self.everyRow {
      let object = try JSONSerialization.jsonObject(with: Data(row.answer.utf8))
      let fields = try #require(object as? [String: Any])
      for (key, value) in fields where copied.contains(key) {
        let word = try #require(value as? String)
        #expect(row.request.contains(word), "\(row.request)")
      }
    }
  }

  @Test("households differ: intents are uneven, and held-out ones use words never trained on")
  func nonIdentical() {
    let groups = Dictionary(grouping: Self.rows.train, by: \.household)
    // The share of a household's most frequent intent; alike households would give 1 in 27.
    let shares = groups.values.map { rows in
      let counts = Dictionary(grouping: rows, by: \.intent).values.map(\.count)
      return Double(counts.max() ?? 0) / Double(rows.count)
    }
    #expect(shares.allSatisfy { $0 > 0.1 })
    #expect(shares.reduce(0, +) / 20 > 0.16)
    let trained = Set(Self.rows.train.flatMap { $0.request.split(separator: " ") })
    let strange = Self.rows.heldOut.filter { row in
      row.request.split(separator: " ").contains { !trained.contains($0) }
    }
    #expect(strange.count > 60)
  }

  @Test("a line is a row of the messages layout")
  func line() throws {
    let row = HouseholdExample(
      household: "h07",
      intent: "note.add",
      request: "say \"a\\b/c\"\n\u{1}é",
      answer: #"{"action":"note.add"}"#
    )
    let expected =
      #"{"household":"h07","intent":"note.add","messages":[{"role":"user","content":"#
      + #""say \"a\\b/c\"\n\u0001é"},{"role":"assistant","content":"#
      + #""{\"action\":\"note.add\"}"}]}"#
    #expect(row.jsonLine == expected)
    let object = try JSONSerialization.jsonObject(with: Data(row.jsonLine.utf8))
    let messages = (object as? [String: Any])?["messages"] as? [[String: String]]
    #expect(messages?.first?["content"] == row.request)
  }

  @Test("the files are the same bytes for ever, and differ for another seed")
  func bytes() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try HouseholdData(seed: 7).write(to: folder)
    let names = ["homes.jsonl", "homes-heldout.jsonl", "homes-familiar.jsonl"]
    let hashes = try names.map { try fnv(Data(contentsOf: folder.appending(path: $0))) }
    #expect(
      hashes == [7_192_587_224_914_155_686, 4_104_685_456_740_348_646, 17_643_343_475_358_566_702]
    )
    try HouseholdData(seed: 8).write(to: folder)
    #expect(try fnv(Data(contentsOf: folder.appending(path: names[0]))) != hashes[0])
  }

  /// FNV-1a, so that the tests need no cryptography: the check is against drift, not attack.
  private func fnv(_ data: Data) -> UInt64 {
    data.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

@Suite("Intents and vocabulary")
struct HouseholdIntentTests {
  @Test("every phrase names every argument once and nothing else", arguments: HouseholdIntent.all)
  func slots(intent: HouseholdIntent) {
    for phrase in intent.phrases {
      let named = phrase.split(separator: "{").dropFirst().compactMap {
        $0.split(separator: "}").first.map(String.init)
      }
      let opens = phrase.hasPrefix("{") ? phrase.filter { $0 == "{" }.count : named.count
      #expect(opens == intent.arguments.count, "\(phrase)")
      for argument in intent.arguments { #expect(phrase.contains("{\(argument.key)}")) }
    }
    #expect(intent.phrases.count >= 5)
    #expect(Set(intent.phrases).count == intent.phrases.count)
  }

  @Test("no two intents share a phrase")
  func distinctPhrases() {
    let phrases = HouseholdIntent.all.flatMap(\.phrases)
    #expect(Set(phrases).count == phrases.count)
  }

  @Test("own and unseen words are disjoint and repeat nothing", arguments: Slot.allCases)
  func vocabulary(slot: Slot) {
    guard let words = Vocabulary.words(for: slot) else { return }
    let all = words.common + words.own + words.unseen
    #expect(Set(all.map { $0.lowercased() }).count == all.count)
    #expect(words.takes.common <= words.common.count)
    #expect(words.takes.own <= min(words.own.count, words.unseen.count))
  }
}

@Suite("Speech")
struct SpeechTests {
  @Test(
    "times are said in three ways and stated in one",
    arguments: [
      (ClockTime(hour: 18, minute: 30), "18:30", "6:30 pm", "half past six in the evening"),
      (ClockTime(hour: 7, minute: 0), "07:00", "7 am", "seven in the morning"),
      (
        ClockTime(hour: 12, minute: 15), "12:15", "12:15 pm", "quarter past twelve in the afternoon"
      ),
      (ClockTime(hour: 12, minute: 45), "12:45", "12:45 pm", "quarter to one in the afternoon"),
      (ClockTime(hour: 11, minute: 45), "11:45", "11:45 am", "quarter to twelve in the morning"),
    ]
  )
  func clock(time: ClockTime, digital: String, meridiem: String, spoken: String) {
    #expect(time.normalised == digital)
    #expect(time.text(.digital) == digital)
    #expect(time.text(.meridiem) == meridiem)
    #expect(time.text(.spoken) == spoken)
  }

  @Test("no two times or lengths sound alike")
  func distinct() {
    let times = (1...23).flatMap { hour in
      [0, 15, 30, 45].map { ClockTime(hour: hour, minute: $0) }
    }
    for style in ClockTime.Style.allCases {
      #expect(Set(times.map { $0.text(style) }).count == times.count)
    }
    for inWords in [true, false] {
      let texts = SpokenDuration.minutes.map { SpokenDuration.text(minutes: $0, inWords: inWords) }
      #expect(Set(texts).count == texts.count)
    }
    #expect(Set((0...99).map(NumberWords.spell)).count == 100)
    #expect(NumberWords.spell(42) == "forty-two")
  }
}
