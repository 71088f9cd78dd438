import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Safetensors files")
struct SafetensorsTests {
  private let tensors = NamedTensors([
    "z.weight": fixedTensor(shape: [3, 5]), "a": fixedTensor(shape: [2], phase: 1),
    "é\"\\\n": fixedTensor(shape: [], phase: 2), "empty": Tensor(shape: [0, 4], elements: []),
  ])

  @Test("tensors come back as they were written")
  func roundTrip() throws {
    let texts = ["format": "pt", "note": "\"quoted\"\t"]
    let file = try SafetensorsFile(contents: SafetensorsWriter.encode(tensors, metadata: texts))
    #expect(try file.tensors() == tensors)
    #expect(file.metadata == texts)
    let matrix = try #require(tensors["z.weight"])
    #expect(try file.rows(1..<3, ofTensor: "z.weight").elements == Array(matrix.elements[5...]))
  }

  @Test("the bytes are fixed: names sorted, header padded with spaces to a multiple of 8")
  func layout() throws {
    let small = NamedTensors([
      "b": Tensor(shape: [2], elements: [1, -2]), "a": Tensor(shape: [1, 1], elements: [0.5]),
    ])
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
      + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var expected = Data(GGUFBuilder.bytes(UInt64(padded.utf8.count))) + Data(padded.utf8)
    for number in [0.5, 1, -2] as [Float] { expected += GGUFBuilder.bytes(number.bitPattern) }
    #expect(SafetensorsWriter.encode(small, metadata: ["k": "v"]) == expected)
    #expect(SafetensorsWriter.encode(tensors) == SafetensorsWriter.encode(tensors))
  }

  @Test("what another program wrote is written again with the same numbers")
  func foreignFile() throws {
    let file = try SafetensorsFile(path: FormatsFixture.path("adapter/adapter_model.safetensors"))
    let again = try SafetensorsFile(contents: SafetensorsWriter.encode(file.tensors()))
    #expect(try again.tensors() == file.tensors())
    #expect(file.tensorNames.count == 12)
  }

  @Test("a file is written whole, or the reason is told")
  func writes() throws {
    try FormatsFixture.withDirectory { directory in
      try SafetensorsWriter.write(tensors, to: "\(directory)/x.safetensors")
      #expect(try SafetensorsFile(path: "\(directory)/x.safetensors").tensors() == tensors)
      let error = try FormatsFixture.error {
        try SafetensorsWriter.write(tensors, to: "\(directory)/none/x.safetensors")
      }
      #expect(error.code == .unwritable)
    }
  }

  @Test("every prefix throws, and so does a byte too many")
  func prefixes() throws {
    let whole = SafetensorsWriter.encode(tensors, metadata: ["format": "pt"])
    for length in 0..<whole.count {
      let error = try FormatsFixture.error { try SafetensorsFile(contents: whole.prefix(length)) }
      #expect(error.code == .truncated, "\(length) bytes: \(error)")
    }
    #expect(
      try FormatsFixture.error { try SafetensorsFile(contents: whole + [0]) }.code == .malformed
    )
  }

  @Test("flipped bytes never crash", arguments: 0..<4)
  func fuzz(seed: Int) throws {
    let whole = [UInt8](SafetensorsWriter.encode(tensors, metadata: ["format": "pt"]))
    var stream = RandomStream(seed: UInt64(seed), purpose: "fuzz")
    var refused = 0
    for _ in 0..<500 {
      var bytes = whole
      for _ in 0...stream.nextIndex(below: 2) {
        let digit = UInt8(ascii: "0") + UInt8(stream.nextIndex(below: 10))
        let flipped =
          bytes[stream.nextIndex(below: bytes.count)] ^ UInt8(1 << stream.nextIndex(below: 8))
        bytes[stream.nextIndex(below: bytes.count)] =
          stream.nextIndex(below: 2) == 0 ? digit : flipped
      }
      do { _ = try SafetensorsFile(contents: Data(bytes)).tensors() } catch { refused += 1 }
    }
    #expect(refused > 100)
  }

  /// A file with this header and so many bytes of data.
  private func file(_ header: String, byteCount: Int) -> Data {
    Data(GGUFBuilder.bytes(UInt64(header.utf8.count))) + Data(header.utf8) + Data(count: byteCount)
  }

  @Test(
    "headers that contradict themselves are refused",
    arguments: [
      #"[]"#, #"{"#, #"{"x":1}"#, #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#,
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[3,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[5,8]}}"#,
      #"{"x":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}"#,
      #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}}"#,
      #"{"__metadata__":{"k":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      String(repeating: #"{"x":"#, count: 100_000),
    ]
  )
  func headers(header: String) throws {
    let error = try FormatsFixture.error {
      try SafetensorsFile(contents: file(header, byteCount: 8))
    }
    #expect(!error.message.contains("\n"))
  }

  @Test("integers may be there, but are not read as numbers")
  func otherTypes() throws {
    let header =
      #"{"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
      + #""h":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}}"#
    let file = try SafetensorsFile(contents: file(header, byteCount: 12))
    #expect(file.tensorNames == ["h"])
    #expect(try file.tensor(named: "h").elements == [0, 0])
    let error = try FormatsFixture.error { try file.tensor(named: "i") }
    #expect(error.code == .unsupported && error.message.contains("I64"))
    #expect(throws: FormatError.self) { try file.tensors() }
  }
}
