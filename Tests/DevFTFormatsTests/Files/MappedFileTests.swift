import DevFTTensor
import Foundation
import Testing

@testable import DevFTFormats

@Suite("Mapped files")
struct MappedFileTests {
  private let columns = 512
  private let rows = 1024

  /// Lends a mapped safetensors file with one matrix `[1024, 512]` of different numbers, and these.
  private func withMatrix(_ body: (_ path: String, _ numbers: [Float]) throws -> Void) throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/model.safetensors"
      let numbers = (0..<rows * columns).map { Float($0) }
      let matrix = Tensor(shape: [rows, columns], elements: numbers)
      try SafetensorsWriter.write(NamedTensors(["a": matrix]), to: path)
      try body(path, numbers)
    }
  }

  @Test("what was read and handed back reads the same again, whole and in rows")
  func readTwice() throws {
    try withMatrix { path, numbers in
      let file = try SafetensorsFile(path: path)
      for _ in 0..<3 {
        #expect(try file.tensor(named: "a").elements == numbers)
        let part = try file.rows(100..<900, ofTensor: "a").elements
        #expect(part == Array(numbers[100 * columns..<900 * columns]))
        let row = try file.rows(1..<2, ofTensor: "a").elements
        #expect(row == Array(numbers[columns..<2 * columns]))
      }
    }
  }

  @Test("bytes in memory are left alone")
  func inMemory() throws {
    try withMatrix { path, numbers in
      let contents = try Data(Array(MappedFile.contents(of: path)))
      for _ in 0..<2 {
        MappedFile.release(0..<contents.count, of: contents)
        let file = try SafetensorsFile(contents: contents, path: path)
        #expect(try file.tensor(named: "a").elements == numbers)
      }
    }
  }

  #if os(Linux)
  @Test("pages that were read do not stay in the process's memory")
  func residentMemory() throws {
    try withMatrix { path, _ in
      let contents = try MappedFile.contents(of: path)
      let sum = contents.reduce(0) { $0 &+ Int($1) }
      #expect(try residentByteCount(of: path) >= contents.count)
      MappedFile.release(0..<1 << 15, of: contents)
      #expect(try residentByteCount(of: path) >= contents.count)
      MappedFile.release(1 << 12..<contents.count, of: contents)
      #expect(try residentByteCount(of: path) < contents.count / 8)
      #expect(contents.reduce(0) { $0 &+ Int($1) } == sum)
    }
  }

  /// Resident bytes of the mappings of a file, from `/proc/self/smaps`.
  private func residentByteCount(of path: String) throws -> Int {
    let name = (path as NSString).lastPathComponent
    let folder = ((path as NSString).deletingLastPathComponent as NSString).lastPathComponent
    var (sum, isOurs) = (0, false)
    // Read to its end by hand: its length is not known before.
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
    let maps = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    for line in maps.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 4, fields[1].count == 4 { isOurs = line.hasSuffix("\(folder)/\(name)") }
      if isOurs, fields[0] == "Rss:" { sum += 1024 * (Int(fields[1]) ?? 0) }
    }
    return sum
  }
  #endif
}
