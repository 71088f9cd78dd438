import DevFTRuntime
import Foundation
import Testing

@Suite("Committed configurations and their reference")
struct CommittedFilesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("are valid", arguments: ["demo", "alpaca-gpt4", "alpaca-gpt4-small"])
  func valid(name: String) throws {
    let file = Self.root.appendingPathComponent("configs/\(name).yaml").path
    let configuration = try RunConfiguration.load(file: file)
    #expect(configuration.federation.clients == 20)
    #expect(configuration.stages?.capacities?.count == 4)
  }

  @Test("docs/configuration.md is what `devft configuration` prints")
  func reference() throws {
    let page = Self.root.appendingPathComponent("docs/configuration.md")
    #expect(try String(contentsOf: page, encoding: .utf8) == ConfigurationReference.markdown)
  }
}
