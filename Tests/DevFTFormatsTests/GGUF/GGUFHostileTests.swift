import DevFTFormats
import DevFTTensor
import Foundation
import Testing

@Suite("GGUF files that are not what they should be")
struct GGUFHostileTests {
  /// Reads everything a file offers, as a model would.
  private func readAll(_ contents: Data) throws {
    let file = try GGUFFile(contents: contents)
    for name in file.tensorNames { _ = try file.tensor(named: name) }
    _ = try? GGUFModelFile(file, path: "fuzz.gguf")
  }

  @Test("every prefix throws")
  func prefixes() throws {
    for whole in [GGUFBuilder.small.contents, try FormatsFixture.contents("quantised.gguf")] {
      let last = try GGUFFile(contents: whole).lastByte
      #expect(throws: Never.self) { try readAll(whole.prefix(last)) }
      for length in 0..<last {
        let error = try FormatsFixture.error { try readAll(Data(whole.prefix(length))) }
        #expect(error.code == .truncated, "\(length) bytes: \(error)")
      }
    }
  }

  @Test("flipped and replaced bytes never crash", arguments: 0..<8)
  func fuzz(seed: Int) throws {
    let files = [
      GGUFBuilder.small.contents, try FormatsFixture.contents("quantised.gguf"),
      try FormatsFixture.contents("llama.gguf"),
    ]
    var stream = RandomStream(seed: UInt64(seed), purpose: "fuzz")
    var refused = 0
    for round in 0..<600 {
      var bytes = [UInt8](files[round % files.count])
      // Faults in the header, where the structure is.
      let bound = min(bytes.count, [600, 1300, 1800][round % 3])
      for _ in 0...stream.nextIndex(below: 3) {
        let index = stream.nextIndex(below: bound)
        let extreme: UInt8 = stream.nextIndex(below: 2) == 0 ? 0xff : 0x7f
        let flipped = bytes[index] ^ UInt8(1 << stream.nextIndex(below: 8))
        bytes[index] = stream.nextIndex(below: 2) == 0 ? extreme : flipped
      }
      do { try readAll(Data(bytes)) } catch { refused += 1 }
    }
    #expect(refused > 100)
  }

  private func refusal(_ change: (inout GGUFBuilder) -> Void) throws -> FormatError {
    var builder = GGUFBuilder.small
    change(&builder)
    return try FormatsFixture.error { try readAll(builder.contents) }
  }

  @Test("files of other kinds and versions are told apart")
  func versions() throws {
    #expect(try refusal { $0.magic = Array("GGML".utf8) }.code == .malformed)
    #expect(try refusal { $0.version = 1 }.message.contains("version 1"))
    #expect(try refusal { $0.version = 4 }.code == .unsupported)
    #expect(try refusal { $0.version = UInt32(3).byteSwapped }.message.contains("big-endian"))
  }

  @Test("absurd counts are refused before anything is allocated", arguments: [1 << 40, UInt64.max])
  func counts(count: UInt64) throws {
    #expect(try refusal { $0.tensorCount = count }.code == .truncated)
    #expect(try refusal { $0.pairCount = count }.code == .truncated)
    #expect(try refusal { $0.pairs = [("s", 8, GGUFBuilder.bytes(count))] }.code == .truncated)
    for type in 0...12 as ClosedRange<UInt32> {
      let list = GGUFBuilder.bytes(type) + GGUFBuilder.bytes(count)
      #expect(try refusal { $0.pairs = [("list", 9, list)] }.code == .truncated)
    }
    #expect(try refusal { $0.tensors[0].dimensions = [count, count] }.code == .malformed)
    #expect(try refusal { $0.tensors[0].dimensions = [count, 0, count, 9] }.code == .malformed)
    #expect(try refusal { $0.tensors[0].offset = count & ~63 }.code != .unreadable)
  }

  @Test("arrays nested too deep are refused")
  func nesting() throws {
    let level = GGUFBuilder.bytes(UInt32(9)) + GGUFBuilder.bytes(UInt64(1))
    let value = (0..<5000).flatMap { _ in level }
    #expect(try refusal { $0.pairs = [("deep", 9, value)] }.message.contains("nested"))
  }

  @Test("contradictions are named")
  func contradictions() throws {
    #expect(try refusal { $0.pairs.append(("u8", 0, [1])) }.message.contains("u8"))
    #expect(try refusal { $0.tensors[1].name = "matrix" }.message.contains("twice"))
    #expect(try refusal { $0.tensors[1].offset = 0 }.message.contains("overlap"))
    #expect(try refusal { $0.tensors[1].offset = 32 }.message.contains("multiple of 64"))
    #expect(try refusal { $0.tensors[1].dimensions = [1, 1, 1, 1, 1] }.message.contains("5 axes"))
    #expect(try refusal { $0.tensors[0].type = 8 }.message.contains("Q8_0"))
    #expect(try refusal { $0.tensors[0].type = 13 }.message.contains("Q5_K"))
    #expect(try refusal { $0.pairs[7].value = [2] }.message.contains("boolean"))
    #expect(try refusal { $0.pairs[0].type = 13 }.message.contains("13"))
    #expect(try refusal { $0.pairs[13].value = GGUFBuilder.bytes(UInt32(48)) }.code == .malformed)
    #expect(try refusal { $0.pairs[13].value = GGUFBuilder.bytes(UInt32(0)) }.code == .malformed)
  }

  @Test("what is no file is refused in one line")
  func notAFile() throws {
    #expect(try FormatsFixture.error { try GGUFFile(path: "/nonexistent") }.code == .missing)
    #expect(try FormatsFixture.error { try GGUFFile(path: "/") }.code == .unreadable)
    #expect(try FormatsFixture.error { try GGUFFile(path: "/dev/null") }.code == .unreadable)
  }
}

extension GGUFFile {
  /// Where the last tensor ends; behind it there may be padding.
  fileprivate var lastByte: Int {
    tensorNames.compactMap { tensorInfo($0) }.map { $0.byteOffset + $0.byteCount }.max() ?? 0
  }
}
