import DevFTFormats
import DevFTTensor
import Foundation
import Testing

@Suite("GGUF files")
struct GGUFFileTests {
  @Test("values of every type come out as they went in", arguments: [2, 3] as [UInt32])
  func readsMetadata(version: UInt32) throws {
    var builder = GGUFBuilder.small
    builder.version = version
    let file = try GGUFFile(contents: builder.contents)
    #expect(file.version == version)
    #expect(
      file.metadata == [
        "u8": .unsigned(200), "i8": .signed(-56), "u16": .unsigned(60000), "i16": .signed(-300),
        "u32": .unsigned(4_000_000_000), "i32": .signed(-70000), "f32": .real(Double(Float(0.1))),
        "bool": .boolean(true), "text": .text("naïve"), "list": .array([.text("a"), .text("")]),
        "u64": .unsigned(.max), "i64": .signed(.min), "f64": .real(0.1),
        "general.alignment": .unsigned(64),
      ]
    )
  }

  @Test("shapes are outermost first, rows are rows")
  func readsTensors() throws {
    let file = try GGUFFile(contents: GGUFBuilder.small.contents)
    #expect(file.tensorNames == ["matrix", "halves"])
    #expect(file.tensorInfo("matrix")?.shape == [2, 3])
    #expect(file.tensorInfo("halves")?.byteCount == 4)
    let matrix = Tensor(shape: [2, 3], elements: [1, -2, 0.5, 3, 1e-3, -0.25])
    #expect(try file.tensor(named: "matrix") == matrix)
    #expect(try file.tensor(named: "halves") == Tensor(shape: [2], elements: [1, -2.5]))
    let second = Tensor(shape: [1, 3], elements: [3, 1e-3, -0.25])
    #expect(try file.rows(1..<2, ofTensor: "matrix") == second)
    let swapped = Tensor(shape: [2, 3], elements: [3, 1e-3, -0.25, 1, -2, 0.5])
    #expect(try file.rows(at: [1, 0], ofTensor: "matrix") == swapped)
    #expect(try file.rows(2..<2, ofTensor: "matrix").shape == [0, 3])
    #expect(try FormatsFixture.error { try file.tensor(named: "none") }.code == .missing)
  }

  @Test("the file that another program wrote has its metadata")
  func readsForeignFile() throws {
    let file = try GGUFFile(path: FormatsFixture.path("quantised.gguf"))
    #expect(file.metadata["general.architecture"] == .text("none"))
    #expect(file.metadata["real"] == .real(0.1))
    #expect(file.metadata["signed"] == .signed(-5))
    #expect(file.metadata["boolean"] == .boolean(true))
    let nested = GGUFValue.array([
      .array([.signed(1), .signed(2)]), .array([.signed(3)]),
    ])
    #expect(file.metadata["array.nested"] == nested)
  }
}
