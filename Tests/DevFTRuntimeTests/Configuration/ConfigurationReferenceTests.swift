import Testing

@testable import DevFTRuntime

@Suite("Configuration reference")
struct ConfigurationReferenceTests {
  @Test("the page has a row for every key of the resolved copy")
  func completeness() throws {
    var configuration = RunConfiguration(model: "m", dataPath: "d")
    configuration.stages = StagesConfiguration()
    let keys = configuration.resolvedYAML.split(separator: "\n").compactMap {
      $0.split(separator: ":").first?.trimmingPrefix { $0 == " " }
    }
    #expect(keys.count > 50)
    for key in keys { #expect(ConfigurationReference.markdown.contains("| `\(key)` |")) }
  }

  @Test("a row states value, default and meaning")
  func row() {
    let page = ConfigurationReference.markdown
    #expect(
      page.contains("| `rank` | a whole number from 1 to 65536 | `32` | rank of each adapter |")
    )
    #expect(page.contains("| `model` | a text | required |"))
    #expect(page.contains("## `stages.grouping`"))
  }
}

@Suite("Nearest name")
struct NearestNameTests {
  @Test(
    "edit distance counts changes and swaps",
    arguments: [
      ("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("rnak", "rank", 1),
      ("abcd", "acbd", 1), ("flaw", "lawn", 2),
    ]
  )
  func distance(first: String, second: String, expected: Int) {
    #expect(NearestName.distance(first, second) == expected)
    #expect(NearestName.distance(second, first) == expected)
  }

  @Test("nothing near is no suggestion")
  func nothingNear() {
    #expect(NearestName.find("zebra", among: ["rank", "alpha"]) == nil)
    #expect(NearestName.find("rank", among: []) == nil)
  }
}

@Suite("Byte sizes")
struct ByteSizeTests {
  @Test(
    "units are read in any case and written back in the largest whole one",
    arguments: [
      ("2GB", 2_000_000_000, "2GB"), ("512 mib", 512 << 20, "512MiB"), ("1.5kb", 1500, "1500B"),
      ("0B", 0, "0B"), ("1000kB", 1_000_000, "1MB"),
    ]
  )
  func reading(text: String, byteCount: Int, written: String) {
    #expect(ByteSize(text)?.byteCount == byteCount)
    #expect(ByteSize(text)?.description == written)
  }

  @Test("other texts are refused", arguments: ["", "GB", "2", "2XB", "-1GB", "1e3GB", "1..2GB"])
  func refused(text: String) { #expect(ByteSize(text) == nil) }
}
