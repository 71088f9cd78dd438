public import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages
public import DevFTTensor
public import DevFTTraining
public import Foundation

/// One client of a federation that spans machines: the base model, its own examples, and the submodel
/// of the stage that it was last asked to train.
///
/// The examples never leave it. What a task needs is kept from round to round and built anew when the
/// stage or the run is another.
public final class ClientSite {
  /// JSONL file of the client's examples.
  private let dataPath: String
  /// The model on this machine; `nil`: the known one of the run's name.
  private let model: String?
  /// Where files of stages are kept, of a client that does not hold the base model; `nil`: it does.
  private let cache: StageCache?
  /// Most memory to use; `nil`: as the fastest way needs.
  private let memoryBudget: ByteSize?
  private let report: @Sendable (_ step: LocalTraining.Step) -> Void

  private var open: (stage: RemoteStage, trainer: LocalClientTrainer)?
  private var loaded: Loaded?

  private struct Loaded {
    let configuration: RunConfiguration
    let populationCount: Int
    /// SHA-256 of the stage's file that stands in for the model; empty where the model itself is here.
    let baseSHA256: String
    let setting: RunSetting
    let modelSHA256: String
  }

  /// Describes a client; nothing is read yet.
  ///
  /// - Parameters:
  ///   - dataPath: JSONL file of the client's examples.
  ///   - model: Name or path of the model on this machine; `nil`: the known one of the run's name.
  ///   - cache: Where files of stages are kept, of a client that does not hold the base model; `nil`, the
  ///     default: it does.
  ///   - memoryBudget: Most memory to use; `nil`: as the fastest way needs.
  ///   - report: Called after each step.
  public init(
    dataPath: String,
    model: String? = nil,
    cache: StageCache? = nil,
    memoryBudget: ByteSize? = nil,
    report: @escaping @Sendable (_ step: LocalTraining.Step) -> Void = { _ in }
  ) {
    self.dataPath = dataPath
    self.model = model
    self.cache = cache
    self.memoryBudget = memoryBudget
    self.report = report
  }

  /// Makes ready for a stage: reads what is not read yet, and fuses its layers.
  ///
  /// - Parameter stage: The stage.
  /// - Throws: `RunError` with code `otherModel` when base or fused layers are not the server's;
  ///   whatever reading model and examples throws.
  public func prepare(for stage: RemoteStage) throws {
    if open?.stage == stage { return }
    open = nil
    // A client without the base model is greeted before it is sent anything.
    if needsBase, stage.baseSHA256.isEmpty { return }
    let loaded = try load(stage)
    let setting = loaded.setting
    if needsBase { return try open(stage, setting) }
    guard loaded.modelSHA256 == stage.modelSHA256 else {
      throw RunError(
        .otherModel,
        "\(setting.model.path): expected the model with SHA-256 \(stage.modelSHA256), "
          + "got \(loaded.modelSHA256)"
      )
    }
    guard stage.groups.layerCount == setting.model.file.architecture.layerCount else {
      throw RunError(
        .otherModel,
        "stage \(stage.number): its groups are of \(stage.groups.layerCount) layers, the model has "
          + "\(setting.model.file.architecture.layerCount)"
      )
    }
    var digest = LayerDigest()
    let model = try setting.builder.model(of: stage.groups, digest: &digest)
    guard digest.text == stage.fusedSHA256 else {
      throw RunError(
        .otherModel,
        "stage \(stage.number): the layers fused here have SHA-256 \(digest.text), "
          + "the server's \(stage.fusedSHA256)"
      )
    }
    open = (stage, setting.trainer(of: model, report: report))
  }

  /// Opens a stage whose layers the server has fused; the file's digest says that they are its own.
  private func open(_ stage: RemoteStage, _ setting: RunSetting) throws {
    let layerCount = setting.model.file.architecture.layerCount
    guard stage.groups.count == layerCount else {
      throw RunError(
        .otherModel,
        "stage \(stage.number): it has \(stage.groups.count) layers, its file \(layerCount)"
      )
    }
    let model = try setting.builder.model(of: .singletons(layerCount: layerCount))
    open = (stage, setting.trainer(of: model, report: report))
  }

  /// Whether the client is to be sent the file of each stage.
  public var needsBase: Bool { cache != nil }

  /// Takes a part of a stage's file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes; none asks what is here already.
  ///   - offset: Where they belong.
  ///   - sha256: The file's SHA-256.
  ///   - byteCount: Its length.
  /// - Returns: The bytes of the file that are here, from its start.
  /// - Throws: As `StageCache`; `RunError` with code `unsupported` when the client holds the base model.
  public func takeBase(
    _ bytes: Data,
    at offset: Int,
    of sha256: String,
    byteCount: Int
  ) throws -> Int {
    guard let cache else {
      throw RunError(.unsupported, "expected no stage's file, since the base model is here")
    }
    if !bytes.isEmpty {
      try cache.append(bytes, at: offset, of: sha256, byteCount: byteCount)
    }
    return try cache.storedByteCount(of: sha256, byteCount: byteCount)
  }

  /// What the client holds in place of a stage's adapter, where differences to it come.
  ///
  /// - Parameter stage: The stage.
  /// - Returns: One set a layer of the submodel; nothing where no differences travel to clients.
  /// - Throws: As `prepare(for:)`.
  public func reference(for stage: RemoteStage) throws -> [NamedTensors] {
    try prepare(for: stage)
    let fusion = (stage.configuration.stages?.construction ?? StageConstruction(.paper)).fusion
    return try loaded?.setting.reference(of: stage.groups, fusion: fusion) ?? []
  }

  /// Trains an adapter on the client's examples.
  ///
  /// - Parameters:
  ///   - task: Adapter and what to do.
  ///   - stage: Its stage.
  /// - Returns: The trained adapter and its report.
  /// - Throws: As `prepare(for:)`; `RunError` with code `otherModel` when the adapter does not fit the
  ///   stage's submodel.
  public func train(_ task: ClientTask, in stage: RemoteStage) throws -> ClientUpdate {
    try prepare(for: stage)
    guard let trainer = open?.trainer else { preconditionFailure("the stage is open") }
    try check(task.adapter, layerCount: trainer.decoder.layerCount)
    return try trainer.train(task)
  }

  /// Number of the client's examples that can be trained on, after `prepare(for:)`.
  public var exampleCount: Int { loaded?.setting.shares.first?.count ?? 0 }

  private func load(_ stage: RemoteStage) throws -> Loaded {
    if let loaded, loaded.configuration == stage.configuration,
      loaded.populationCount == stage.populationCount, loaded.baseSHA256 == stage.baseSHA256
    {
      return loaded
    }
    loaded = nil
    let setting = try RunSetting(
      own(stage),
      role: .client(populationCount: stage.populationCount)
    )
    let result = Loaded(
      configuration: stage.configuration,
      populationCount: stage.populationCount,
      baseSHA256: stage.baseSHA256,
      setting: setting,
      modelSHA256: needsBase ? "" : try FileDigest.sha256(of: setting.model.path)
    )
    loaded = result
    return result
  }

  /// The run with this machine's files: none of the server's paths is opened.
  private func own(_ stage: RemoteStage) throws -> RunConfiguration {
    let configuration = stage.configuration
    var own = configuration
    own.data.path = dataPath
    own.data.eval = nil
    own.federation.prompts = nil
    own.memory.budget = memoryBudget
    if let cache {
      guard let path = cache.path(of: stage.baseSHA256) else {
        throw RunError(
          .modelMissing,
          "stage \(stage.number): its file \(stage.baseSHA256) is not here; it is asked for again"
        )
      }
      // The stage's submodel is all that there is of the model here.
      (own.model, own.stages) = (path, nil)
    } else if let model {
      own.model = model
    } else if configuration.modelIsPath {
      throw RunError(
        .modelMissing,
        "the run names its model by a path of the server's; name this machine's by --model"
      )
    }
    return own
  }

  /// Shapes that do not fit would end the process in the middle of a product.
  private func check(_ adapter: [NamedTensors], layerCount: Int) throws {
    guard let setting = loaded?.setting, adapter.count == layerCount else {
      throw RunError(
        .otherModel,
        "expected an adapter of \(layerCount) layers, got \(adapter.count)"
      )
    }
    // Any rank goes, if it is the same everywhere; the other axes must be the model's.
    let targets = setting.adapterConfiguration.targets
    let rank = targets.first.flatMap { adapter[0][$0.loraAName]?.shape.first } ?? 0
    let configuration = LoRAConfiguration(rank: max(1, rank), alpha: 1, targets: targets)
    _ = try PEFTAdapter(configuration: configuration, layers: adapter)
    let architecture = setting.model.file.architecture
    for projection in targets {
      let widths = (
        adapter[0][projection.loraAName]?.shape.last, adapter[0][projection.loraBName]?.shape.first
      )
      let expected = (
        projection.inputWidth(in: architecture), projection.outputWidth(in: architecture)
      )
      guard widths.0 == expected.0, widths.1 == expected.1 else {
        throw RunError(
          .otherModel,
          "\(projection.targetName): expected an adapter from \(expected.0) to \(expected.1) numbers, "
            + "got another"
        )
      }
    }
  }
}
