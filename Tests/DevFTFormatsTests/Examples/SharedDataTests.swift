import DevFTFormats
import Foundation
import Testing

/// Public data sets beside the repository, where they are found.
private enum SharedData {
  static let folder: String? = {
    let root = TokenizerFixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = root.deletingLastPathComponent().appendingPathComponent("shared").path
    let named = ProcessInfo.processInfo.environment["DEVFT_SHARED"]
    return [named, beside].compactMap { $0.map { $0 + "/data" } }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()
}

@Suite("Public data sets", .enabled(if: SharedData.folder != nil, "no data sets are there"))
struct SharedDataTests {
  @Test(
    "are read whole",
    arguments: [
      ("tiny/alpaca_gpt4_200.jsonl", 200), ("tiny/dolly_160.jsonl", 160),
      ("alpaca_gpt4/alpaca_gpt4_part.jsonl.gz", 7_611), ("dolly/dolly_15k.jsonl.gz", 15_011),
      ("alpaca_cleaned/alpaca_cleaned.jsonl.gz", 51_924),
    ]
  )
  func counts(name: String, count: Int) throws {
    let path = try #require(SharedData.folder) + "/" + name
    let clock = ContinuousClock()
    var rows: [Example] = []
    let duration = try clock.measure { rows = try ExamplesReader.examples(in: path) }
    #expect(rows.count == count)
    #expect(rows.allSatisfy { $0.instruction != nil && $0.messages.count == 2 })
    #expect(duration < .seconds(10))
  }

  @Test("of texts with labels are read as such")
  func labels() throws {
    let path = try #require(SharedData.folder) + "/tiny/ag_news_80.jsonl"
    let rows = try ExamplesReader.examples(in: path)
    #expect(rows.count == 80)
    #expect(Set(rows.map { $0.labelled?.label }) == ["0", "1", "2", "3"])
  }

  @Test("of other forms are refused")
  func others() throws {
    let path = try #require(SharedData.folder) + "/tiny/mmlu_40.jsonl"
    #expect(throws: FormatError.self) { try ExamplesReader.examples(in: path) }
  }
}
