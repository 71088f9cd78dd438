import DevFTTensor
import Foundation

/// The tensors of a directory: one `model.safetensors`, or the shards that an index lists.
struct SafetensorsShards: Sendable {
  /// File of each tensor.
  private let files: [String: SafetensorsFile]

  private struct Index: Decodable {
    let weight_map: [String: String]
  }

  /// Opens the files of a directory.
  ///
  /// - Parameter directory: The directory.
  /// - Throws: `FormatError`.
  init(directory: String) throws {
    let single = "\(directory)/model.safetensors"
    let index = "\(directory)/model.safetensors.index.json"
    if FileManager.default.fileExists(atPath: single) {
      let file = try SafetensorsFile(path: single)
      files = Dictionary(uniqueKeysWithValues: file.tensorNames.map { ($0, file) })
    } else if FileManager.default.fileExists(atPath: index) {
      files = try SafetensorsShards.open(index, in: directory)
    } else {
      throw FormatError(
        .missing,
        path: directory,
        "there is neither model.safetensors nor model.safetensors.index.json"
      )
    }
  }

  /// Names of all tensors.
  var names: [String] { Array(files.keys) }

  /// The file of a tensor.
  subscript(name: String) -> SafetensorsFile? { files[name] }

  private static func open(
    _ index: String,
    in directory: String
  ) throws -> [String: SafetensorsFile] {
    var shards: [String: SafetensorsFile] = [:]
    var files: [String: SafetensorsFile] = [:]
    let map = try JSONFile.decode(Index.self, from: index).weight_map
    for (name, shard) in map.sorted(by: { $0.key < $1.key }) {
      guard !shard.contains("/") else {
        throw FormatError(.malformed, path: index, "\(shard) is outside the directory")
      }
      let file = try shards[shard] ?? SafetensorsFile(path: "\(directory)/\(shard)")
      shards[shard] = file
      guard file.tensorInfo(name) != nil else {
        throw FormatError(.missing, path: file.path, "there is no tensor \(name) as in the index")
      }
      files[name] = file
    }
    return files
  }
}
