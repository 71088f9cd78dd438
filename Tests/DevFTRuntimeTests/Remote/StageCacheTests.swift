import Foundation
import Testing

@testable import DevFTRuntime

@Suite("Files of stages that a client keeps")
struct StageCacheTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("devft-cache-\(UUID().uuidString)").path

  private func digest(_ data: Data) -> String { FileDigest.sha256(of: data) }

  @Test("grow part by part, over restarts, and are checked as a whole")
  func parts() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = Data((0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0) })
    let name = digest(file)
    func cache() -> StageCache { StageCache(folder: folder) }
    #expect(try cache().storedByteCount(of: name, byteCount: 1000) == 0)
    try cache().append(file[..<400], at: 0, of: name, byteCount: 1000)
    #expect(try cache().storedByteCount(of: name, byteCount: 1000) == 400)
    // A part that came twice, and one that leaves a gap, change nothing.
    try cache().append(file[..<400], at: 0, of: name, byteCount: 1000)
    try cache().append(file[700...], at: 700, of: name, byteCount: 1000)
    #expect(try cache().storedByteCount(of: name, byteCount: 1000) == 400)
    #expect(cache().path(of: name) == nil)
    try cache().append(file[400...], at: 400, of: name, byteCount: 1000)
    #expect(try cache().storedByteCount(of: name, byteCount: 1000) == 1000)
    let path = try #require(cache().path(of: name))
    #expect(FileManager.default.contents(atPath: path) == file)
  }

  @Test("that are others than announced are refused, and asked for anew")
  func damaged() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = StageCache(folder: folder)
    let name = digest(Data([1, 2, 3]))
    let error = #expect(throws: RunError.self) {
      try cache.append(Data([1, 2, 4]), at: 0, of: name, byteCount: 3)
    }
    #expect(error?.code == .otherModel && error?.message.contains(name) == true)
    #expect(cache.path(of: name) == nil)
    #expect(try cache.storedByteCount(of: name, byteCount: 3) == 0)
  }

  @Test("have names that lead nowhere else", arguments: ["", "../../etc/passwd", "é"])
  func names(name: String) throws {
    #expect(throws: RunError.self) {
      try StageCache(folder: folder).append(Data([1]), at: 0, of: name, byteCount: 1)
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("are four at most; the oldest goes first")
  func most() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = StageCache(folder: folder)
    let files = (0..<6).map { Data([UInt8($0)]) }
    for (age, file) in files.enumerated() {
      try cache.append(file, at: 0, of: digest(file), byteCount: 1)
      guard let path = cache.path(of: digest(file)) else { continue }
      let date = Date(timeIntervalSince1970: Double(1_000_000 + age))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }
    #expect(
      files.map { cache.path(of: digest($0)) != nil } == [false, false, true, true, true, true]
    )
  }
}
