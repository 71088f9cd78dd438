import DevFTFormats
import Foundation
import Testing

@Suite("Files are whole or not there")
struct AtomicFileTests {
  private func entries(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  @Test("a file is replaced, and nothing temporary stays")
  func replacesFile() throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/file"
      try AtomicFile.write(Data("old and longer".utf8), to: path)
      try AtomicFile.write(Data("new".utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      #expect(try entries(directory) == ["file"])
    }
  }

  @Test("a file may be read by whom plain files may")
  func permissions() throws {
    try FormatsFixture.withDirectory { directory in
      try AtomicFile.write(Data("1".utf8), to: "\(directory)/atomic")
      try Data("1".utf8).write(to: URL(fileURLWithPath: "\(directory)/plain"))
      let modes = try ["atomic", "plain"].map { name in
        try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.posixPermissions]
          as? Int
      }
      #expect(modes[0] == modes[1])
    }
  }

  @Test("a file that cannot be written is named with the reason")
  func refusesFile() throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/absent/file"
      let error = try FormatsFixture.error { try AtomicFile.write(Data(), to: path) }
      #expect(error.code == .unwritable)
      #expect(error.path == path)
      #expect(!error.description.contains("\n"))
      #expect(try entries(directory) == [])
    }
  }

  @Test("through a link its target is replaced; what is no plain file stays")
  func otherTargets() throws {
    try FormatsFixture.withDirectory { directory in
      let (file, link) = ("\(directory)/file", "\(directory)/link")
      try AtomicFile.write(Data("old".utf8), to: file)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      try AtomicFile.write(Data("new".utf8), to: link)
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
      let error = try FormatsFixture.error { try AtomicFile.write(Data(), to: directory) }
      #expect(error.message.contains("no plain file"))
      #expect(try entries(directory) == ["file", "link"])
    }
  }

  @Test("a set of files makes its directory, and its parents")
  func makesDirectory() throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/a/b"
      try AtomicDirectory.write([("one", Data("1".utf8)), ("two", Data("2".utf8))], to: path)
      #expect(try entries(path) == ["one", "two"])
      #expect(try entries("\(directory)/a") == ["b"])
    }
  }

  @Test("a set of files replaces its own and leaves others")
  func keepsOtherFiles() throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/set"
      try AtomicDirectory.write([("one", Data("1".utf8)), ("other", Data("0".utf8))], to: path)
      try AtomicDirectory.write([("one", Data("3".utf8)), ("two", Data("2".utf8))], to: path + "/")
      #expect(try entries(path) == ["one", "other", "two"])
      #expect(try String(contentsOfFile: "\(path)/one", encoding: .utf8) == "3")
      #expect(try entries(directory) == ["set"])
    }
  }

  @Test("a set of files does not replace a file")
  func refusesFileInTheWay() throws {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/file"
      try AtomicFile.write(Data("kept".utf8), to: path)
      let error = try FormatsFixture.error {
        try AtomicDirectory.write([("one", Data())], to: path)
      }
      #expect(error.code == .unwritable)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "kept")
      #expect(try entries(directory) == ["file"])
    }
  }
}
