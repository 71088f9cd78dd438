public import DevFTFederation
public import DevFTRuntime
public import DevFTTensor
public import Foundation

/// What does a client's tasks.
public protocol TaskSite: AnyObject {
  /// Number of examples that it can train on, once it is prepared.
  var exampleCount: Int { get }

  /// Whether it does not hold the base model, and is to be sent the file of each stage.
  var needsBase: Bool { get }

  /// Takes a part of a stage's file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes; none asks what is here already.
  ///   - offset: Where they belong.
  ///   - sha256: The file's SHA-256.
  ///   - byteCount: Its length.
  /// - Returns: The bytes of the file that are here, from its start.
  /// - Throws: When it cannot be kept, or is not what was announced.
  func takeBase(_ bytes: Data, at offset: Int, of sha256: String, byteCount: Int) throws -> Int

  /// Makes ready for a stage.
  ///
  /// - Parameter stage: The stage.
  /// - Throws: Whatever is wrong with it; the client then takes no part.
  func prepare(for stage: RemoteStage) throws

  /// What it holds in place of a stage's adapter, where differences to it come.
  ///
  /// - Parameter stage: The stage.
  /// - Returns: One set a layer of the submodel, or nothing.
  /// - Throws: As `prepare(for:)`.
  func reference(for stage: RemoteStage) throws -> [NamedTensors]

  /// Does a task.
  ///
  /// - Parameters:
  ///   - task: Adapter and what to do.
  ///   - stage: Its stage.
  /// - Returns: The adapter and its report.
  /// - Throws: Anything; the client then counts as failed in this round.
  func train(_ task: ClientTask, in stage: RemoteStage) throws -> ClientUpdate
}

extension ClientSite: TaskSite {}
