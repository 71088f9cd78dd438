import DevFTModel
import DevFTTensor
import Foundation

/// What a run was made from, as `run.json` keeps it: a resumed run must find the same.
struct RunIdentity: Codable {
  /// Seed of every random stream.
  var seed: UInt64
  /// The model's file or directory.
  var model: String
  /// SHA-256 of the resolved configuration.
  var configurationSHA256: String
  /// Type of the products that really ran: f32 where the CPU has no bf16.
  var precision: Precision
  /// SHA-256 of the model's file, or of its configuration and weights.
  var modelSHA256: String
  /// SHA-256 of the training data, or `nil` where clients on other machines hold it.
  var dataSHA256: String?
  /// SHA-256 of the held-out data, or `nil` without any.
  var evalSHA256: String?
  /// SHA-256 of the benchmarks' files, or `nil` without any.
  var benchmarksSHA256: String?
  /// Version of this program.
  var version: String
  /// Version of oneDNN.
  var oneDNN: String
  /// Kernel, architecture and number of cores.
  var host: String

  private enum CodingKeys: String, CodingKey {
    case seed, model, precision, version, host
    case configurationSHA256 = "configuration_sha256"
    case modelSHA256 = "model_sha256"
    case dataSHA256 = "data_sha256"
    case evalSHA256 = "eval_sha256"
    case benchmarksSHA256 = "benchmarks_sha256"
    case oneDNN = "onednn"
  }

  /// Collects it.
  init(_ setting: RunSetting) throws {
    seed = setting.configuration.seed
    model = setting.model.path
    configurationSHA256 = FileDigest.sha256(of: Data(setting.configuration.resolvedYAML.utf8))
    precision = setting.ends.precision
    modelSHA256 = try FileDigest.sha256(of: setting.model.path)
    dataSHA256 =
      setting.role == .server ? nil : try FileDigest.sha256(of: setting.configuration.data.path)
    evalSHA256 = try setting.configuration.data.eval.map(FileDigest.sha256)
    benchmarksSHA256 = setting.benchmarks.sha256
    version = ProgramVersion.current
    oneDNN = ProgramVersion.oneDNN
    host =
      "\(ProcessInfo.processInfo.operatingSystemVersionString), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  /// Compares with what a run directory says of itself.
  ///
  /// - Throws: `RunError` with code `directory` when something that decides about the bytes is another.
  func check(against directory: RunDirectory) throws {
    guard let saved = try directory.read(RunIdentity.self, from: "run.json") else {
      throw RunError(.directory, "\(directory.path("run.json")): is missing")
    }
    let none = "none"
    for (what, before, now) in [
      ("configuration", saved.configurationSHA256, configurationSHA256),
      ("precision of this machine", saved.precision.rawValue, precision.rawValue),
      ("version of oneDNN", saved.oneDNN, oneDNN),
      ("model", saved.modelSHA256, modelSHA256),
      ("data", saved.dataSHA256 ?? none, dataSHA256 ?? none),
      ("held-out data", saved.evalSHA256 ?? none, evalSHA256 ?? none),
      ("benchmarks' data", saved.benchmarksSHA256 ?? none, benchmarksSHA256 ?? none),
    ] where before != now {
      throw RunError(
        .directory,
        "\(directory.url.path): the \(what) has changed since the run began: expected "
          + "\(before), got \(now)"
      )
    }
  }
}
