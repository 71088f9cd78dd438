import DevFTFormats
import DevFTTensor
import Foundation
import Testing

@Suite("Dequantisation")
struct DequantisationTests {
  private static let codes: [StorageType: UInt32] = [
    .f32: 0, .f16: 1, .q4_0: 2, .q4_1: 3, .q5_0: 6, .q5_1: 7, .q8_0: 8, .q4_K: 12, .q6_K: 14,
    .bf16: 30,
  ]

  @Test(
    "every type agrees with the reference program, bit for bit",
    arguments: StorageType.allCases
  )
  func agreesWithReferenceProgram(type: StorageType) throws {
    let stored = try GGUFFile(path: FormatsFixture.path("quantised.gguf"))
    let expanded = try SafetensorsFile(path: FormatsFixture.path("quantised.safetensors"))
    #expect(stored.tensorInfo(type.rawValue)?.type == type)
    let expected = try expanded.tensor(named: type.rawValue)
    let found = try stored.tensor(named: type.rawValue)
    #expect(found.shape == expected.shape)
    #expect(found.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
    #expect(Set(found.elements).count > 8)
  }

  @Test("every type agrees with its naive twin on any bytes", arguments: StorageType.allCases)
  func agreesWithTwin(type: StorageType) throws {
    var stream = RandomStream(seed: 11, purpose: type.rawValue)
    for blockCount in [1, 2, 3, 7, 16, 31] {
      let bytes = (0..<blockCount * type.blockByteCount).map { _ in
        UInt8(truncatingIfNeeded: stream.next())
      }
      let count = blockCount * type.blockLength
      var builder = GGUFBuilder()
      builder.tensors = [
        .init(name: "x", dimensions: [UInt64(count)], type: Self.codes[type] ?? 99, offset: 0)
      ]
      builder.tensorData = bytes
      let found = try GGUFFile(contents: builder.contents).tensor(named: "x").elements
      for index in 0..<count {
        let expected = ReferenceDequantiser.element(index, type, bytes)
        let agrees = found[index] == expected || (found[index].isNaN && expected.isNaN)
        try #require(
          agrees,
          "element \(index) of \(blockCount) blocks: \(found[index]), \(expected)"
        )
      }
    }
  }

  @Test("every half-precision number is exact")
  func halves() throws {
    var builder = GGUFBuilder()
    builder.tensors = [.init(name: "x", dimensions: [65536], type: 1, offset: 0)]
    builder.tensorData = (0...UInt16.max).flatMap { GGUFBuilder.bytes($0) }
    let found = try GGUFFile(contents: builder.contents).tensor(named: "x").elements
    for index in 0..<65536 {
      let expected = ReferenceDequantiser.element(index, .f16, builder.tensorData)
      try #require(
        found[index].bitPattern == expected.bitPattern || (found[index].isNaN && expected.isNaN),
        "half \(index)"
      )
    }
  }
}
