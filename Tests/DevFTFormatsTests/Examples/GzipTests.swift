import DevFTFormats
import Foundation
import Testing

@Suite("Gzip")
struct GzipTests {
  /// A file that unpacks to more than one buffer.
  private func packed() throws -> [UInt8] {
    let path = TokenizerFixtures.folder.appendingPathComponent("tokenizers/gpt2.expected.json.gz")
      .path
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
    try FormatsFixture.withDirectory { directory in
      try AtomicFile.write(Data(bytes), to: "\(directory)/file.gz")
      return try TextLines.bytes(of: "\(directory)/file.gz")
    }
  }

  @Test("several members are one text")
  func members() throws {
    let packed = try packed()
    let text = try unpack(packed)
    #expect(text.count > 65_536)
    #expect(try unpack(packed + packed + packed) == text + text + text)
  }

  @Test("a truncated file throws at every length")
  func truncated() throws {
    let packed = try packed()
    for end in Array(2..<40) + Array(stride(from: 41, to: packed.count, by: 997)) {
      let error = try FormatsFixture.error { try unpack(Array(packed[..<end])) }
      #expect(error.code == .truncated, "\(end)")
    }
    let error = try FormatsFixture.error { try unpack(Array(packed.dropLast())) }
    #expect(error.code == .truncated)
  }

  @Test("damage is noticed")
  func damaged() throws {
    var packed = try packed()
    packed[packed.count / 2] ^= 0x55
    #expect(try FormatsFixture.error { try unpack(packed) }.code == .malformed)
  }

  @Test("lines that cross the borders of chunks come out whole")
  func lines() throws {
    let rows = (0..<5_000).map { #"{"prompt":"\#($0)","completion":"\#($0 * 7)"}"# }
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/rows.jsonl"
      try AtomicFile.write(Data((rows.joined(separator: "\r\n") + "\r\n").utf8), to: path)
      let examples = try ExamplesReader.examples(in: path)
      #expect(examples.map { $0.messages[1].content } == (0..<5_000).map { "\($0 * 7)" })
    }
  }
}
