import CZlib
import Foundation

/// A zip archive of a few small files, stored as they are; equal files give equal bytes.
struct ZipArchive {
  private var contents = Data()
  private var directory = Data()
  private var count: UInt16 = 0

  /// The archive's bytes, with the directory of all files so far.
  var data: Data {
    var end = Data()
    end.append(little: UInt32(0x0605_4b50))
    end.append(little: UInt32(0))
    end.append(little: count)
    end.append(little: count)
    end.append(little: UInt32(directory.count))
    end.append(little: UInt32(contents.count))
    end.append(little: UInt16(0))
    return contents + directory + end
  }

  /// Adds a file.
  ///
  /// - Parameters:
  ///   - name: Its path in the archive.
  ///   - body: Its bytes.
  mutating func add(_ name: String, _ body: Data) {
    let offset = UInt32(contents.count)
    let checksum = body.withUnsafeBytes { bytes in
      UInt32(crc32(0, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
    }
    var description = Data()
    // Version 2.0, no flags, stored, 1 January 1980.
    for field in [20, 0, 0, 0, 0x21] as [UInt16] { description.append(little: field) }
    for field in [checksum, UInt32(body.count), UInt32(body.count)] {
      description.append(little: field)
    }
    description.append(little: UInt16(name.utf8.count))
    description.append(little: UInt16(0))
    contents.append(little: UInt32(0x0403_4b50))
    contents += description + Data(name.utf8) + body
    directory.append(little: UInt32(0x0201_4b50))
    directory.append(little: UInt16(20))
    directory += description
    // No comment, first disk, no attributes.
    for field in [0, 0, 0] as [UInt16] { directory.append(little: field) }
    directory.append(little: UInt32(0))
    directory.append(little: offset)
    directory += Data(name.utf8)
    count += 1
  }
}

extension Data {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
