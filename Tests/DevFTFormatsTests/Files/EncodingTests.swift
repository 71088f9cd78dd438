import DevFTTensor
import Foundation
import Testing

@testable import DevFTFormats

@Suite("Numbers as files hold them")
struct EncodingTests {
  private static let folder = "../formats-written"

  @Test(
    "every written type has the bytes of gguf's quantiser",
    arguments: StorageType.written.filter { $0 != .f32 }
  )
  func agreesWithReference(type: StorageType) throws {
    let numbers = try SafetensorsFile(
      path: FormatsFixture.path("\(Self.folder)/numbers.safetensors")
    ).tensor(named: "numbers")
    let path = FormatsFixture.path("\(Self.folder)/encoded.gguf")
    let place = try #require(try GGUFFile(path: path).tensorInfo(type.rawValue))
    let file = try Data(contentsOf: URL(fileURLWithPath: path))
    let expected = file[place.byteOffset..<place.byteOffset + place.byteCount]
    let found = type.encode(numbers.elements)
    try #require(found.count == expected.count)
    for (block, start) in stride(from: 0, to: found.count, by: type.blockByteCount).enumerated() {
      let end = start + type.blockByteCount
      try #require(
        found[start..<end].elementsEqual(expected.dropFirst(start).prefix(type.blockByteCount)),
        "block \(block)"
      )
    }
  }

  @Test("threads do not show", arguments: StorageType.written)
  func threads(type: StorageType) {
    var stream = RandomStream(seed: 3, purpose: type.rawValue)
    // More than a task's share, and no multiple of it.
    let numbers = (0..<3 * 32768 + 64).map { _ in Float(stream.nextUniform() - 0.5) }
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let alone = type.encode(numbers)
    Threads.count = 4
    #expect(type.encode(numbers) == alone)
  }

  @Test("numbers that a type cannot hold are told apart")
  func holds() {
    #expect(StorageType.f16.holds([65504, -65519]))
    #expect(!StorageType.f16.holds([65520]))
    #expect(StorageType.bf16.holds([3.38e38]) && !StorageType.bf16.holds([3.4e38]))
    #expect(StorageType.q8_0.holds([-8e6]) && !StorageType.q8_0.holds([9e6]))
    #expect(StorageType.q4_0.holds([5e5]) && !StorageType.q4_0.holds([6e5]))
    for type in StorageType.written {
      #expect(!type.holds([1, .nan]))
      #expect(!type.holds([-.infinity]))
    }
  }
}
