import Crypto
import DevFTTensor
import Foundation

/// What a run was made from, as `run.json` keeps it: a resumed run must find the same.
struct RunIdentity: Codable {
  /// Seed of every random stream.
  var seed: UInt64
  /// The model's file or directory.
  var model: String
  /// SHA-256 of the model's file, or of its configuration and weights.
  var modelSHA256: String
  /// SHA-256 of the training data.
  var dataSHA256: String
  /// SHA-256 of the held-out data, or `nil` without any.
  var evalSHA256: String?
  /// Version of this program.
  var version: String
  /// Version of oneDNN.
  var oneDNN: String
  /// Kernel, architecture and number of cores.
  var host: String

  private enum CodingKeys: String, CodingKey {
    case seed, model, version, host
    case modelSHA256 = "model_sha256"
    case dataSHA256 = "data_sha256"
    case evalSHA256 = "eval_sha256"
    case oneDNN = "onednn"
  }

  /// Collects it.
  init(_ setting: RunSetting) throws {
    seed = setting.configuration.seed
    model = setting.model.path
    modelSHA256 = try FileDigest.sha256(of: setting.model.path)
    dataSHA256 = try FileDigest.sha256(of: setting.configuration.data.path)
    evalSHA256 = try setting.configuration.data.eval.map(FileDigest.sha256)
    version = ProgramVersion.current
    oneDNN = ProgramVersion.oneDNN
    host =
      "\(ProcessInfo.processInfo.operatingSystemVersionString), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  /// Compares with what a run directory says of itself.
  ///
  /// - Throws: `RunError` with code `directory` when the model or the data are others.
  func check(against directory: RunDirectory) throws {
    guard let saved = try directory.read(RunIdentity.self, from: "run.json") else {
      throw RunError(.directory, "\(directory.path("run.json")): is missing")
    }
    let none = "none"
    for (what, before, now) in [
      ("model", saved.modelSHA256, modelSHA256), ("data", saved.dataSHA256, dataSHA256),
      ("held-out data", saved.evalSHA256 ?? none, evalSHA256 ?? none),
    ] where before != now {
      throw RunError(
        .directory,
        "\(directory.url.path): the \(what) has changed since the run began: expected SHA-256 "
          + "\(before), got \(now)"
      )
    }
  }
}

/// SHA-256 of files.
enum FileDigest {
  /// Digest of a file, or of all files of a directory in the order of their names; folders in it,
  /// which hold no part of a model, do not count.
  static func sha256(of path: String) throws -> String {
    let names =
      isDirectory(path) ? try FileManager.default.contentsOfDirectory(atPath: path).sorted() : [""]
    var hash = SHA256()
    for name in names {
      let file = name.isEmpty ? path : path + "/" + name
      guard !isDirectory(file) else { continue }
      guard let handle = FileHandle(forReadingAtPath: file) else { continue }
      defer { try? handle.close() }
      while let part = try handle.read(upToCount: 1 << 22), !part.isEmpty {
        hash.update(data: part)
      }
    }
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
