import DevFTFormats
public import DevFTStages
import Foundation

/// Which submodel is exported in the place of the full model.
public enum SubmodelChoice: Sendable {
  /// That of a stage, from 1, of the run directory.
  case stage(Int)
  /// One of layer groups in a JSON file: a list of lists of layers, or a run's `groups.json`.
  case groups(file: String, fusion: LayerFusion)

  /// What a submodel is made of.
  struct Parts {
    var groups: LayerGroups
    var fusion: LayerFusion
    /// What has been merged into the layers before they are fused.
    var merged = MergedFactors.none
  }

  /// Finds groups, fusion and what a run has merged.
  ///
  /// - Parameters:
  ///   - run: The run directory, or `nil` without one.
  ///   - layerCount: Layers of the model.
  /// - Returns: All three.
  /// - Throws: `RunError`, `StagesError` or `FormatError` when they are missing or of another model.
  func resolved(run: RunDirectory?, layerCount: Int) throws -> Parts {
    let parts =
      switch self {
      case .stage(let stage): try Self.stage(stage, of: run)
      case .groups(let file, let fusion): Parts(groups: try Self.groups(in: file), fusion: fusion)
      }
    guard parts.groups.layerCount == layerCount else {
      throw RunError(
        .unsupported,
        "expected groups of the model's \(layerCount) layers, got groups of \(parts.groups.layerCount)"
      )
    }
    return parts
  }

  private static func stage(_ stage: Int, of run: RunDirectory?) throws -> Parts {
    guard let run else {
      throw RunError(.directory, "--stage: expected --run with the directory of the stage's run")
    }
    let name = "stages/\(stage)/groups.json"
    guard let report = try run.read(StageReport.self, from: name) else {
      throw RunError(.directory, "\(run.path(name)): is missing; the run has no stage \(stage)")
    }
    let configuration = try run.configuration()
    let construction = configuration.stages?.construction ?? StageConstruction(.paper)
    return Parts(
      groups: try LayerGroups(report.groups.map(\.members)),
      fusion: construction.fusion,
      merged: try merged(beforeStage: stage, of: run)
    )
  }

  private static func merged(beforeStage stage: Int, of run: RunDirectory) throws -> MergedFactors {
    let directory = run.path(RunDirectory.merged(stage: stage))
    guard FileManager.default.fileExists(atPath: directory) else { return .none }
    let adapter = try PEFTAdapter(directory: directory)
    return MergedFactors(layers: adapter.layers, scale: Float(adapter.configuration.scale))
  }

  private static func groups(in file: String) throws -> LayerGroups {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw RunError(.directory, "\(file): no such file")
    }
    let decoder = JSONDecoder()
    if let lists = try? decoder.decode([[Int]].self, from: data) { return try LayerGroups(lists) }
    guard let report = try? decoder.decode(Members.self, from: data) else {
      throw RunError(.directory, "\(file): expected a list of lists of layers, or a groups.json")
    }
    return try LayerGroups(report.groups.map(\.members))
  }

  /// What counts in a run's `groups.json`.
  private struct Members: Decodable {
    struct Group: Decodable { var members: [Int] }
    var groups: [Group]
  }
}

extension RunDirectory {
  /// The run's configuration.
  ///
  /// - Returns: What `config.resolved.yaml` says.
  /// - Throws: `RunError` when there is none, `ConfigurationError` when it is broken.
  func configuration() throws -> RunConfiguration {
    let file = path(Self.configuration)
    guard FileManager.default.fileExists(atPath: file) else {
      throw RunError(
        .directory,
        "\(url.path): expected a run directory, found no \(Self.configuration)"
      )
    }
    return try RunConfiguration.load(file: file)
  }

  /// The run that an adapter's directory lies in, or `nil` when it lies in none.
  ///
  /// - Parameter adapter: Such as `run/adapter` or `run/adapters/client-3`.
  /// - Returns: The run directory.
  static func holding(adapter: String) -> RunDirectory? {
    var folder = URL(fileURLWithPath: adapter).standardizedFileURL
    for _ in 0..<2 {
      folder.deleteLastPathComponent()
      let run = RunDirectory(folder.path)
      if FileManager.default.fileExists(atPath: run.path(configuration)) { return run }
    }
    return nil
  }
}
