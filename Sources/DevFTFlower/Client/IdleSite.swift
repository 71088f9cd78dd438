public import DevFTFederation
public import DevFTRuntime
public import DevFTTensor
public import Foundation

/// A client that trains nothing, for measurements of the federation itself.
///
/// It answers at once with what came and a number added that is its own, so that no two clients send the
/// same bytes. It reads no model and no examples.
public final class IdleSite: TaskSite {
  /// Creates the client.
  public init() {}

  /// One: all clients weigh the same.
  public var exampleCount: Int { 1 }

  /// It needs no model.
  public var needsBase: Bool { false }

  /// It is sent no files.
  ///
  /// - Parameters:
  ///   - bytes: Not looked at.
  ///   - offset: Not looked at.
  ///   - sha256: Not looked at.
  ///   - byteCount: Length of the file.
  /// - Returns: All of it.
  public func takeBase(
    _ bytes: Data,
    at offset: Int,
    of sha256: String,
    byteCount: Int
  ) -> Int { byteCount }

  /// There is nothing to make ready.
  ///
  /// - Parameter stage: Not looked at.
  public func prepare(for stage: RemoteStage) {}

  /// Nothing.
  ///
  /// - Parameter stage: Where differences travel, it would need the model.
  /// - Returns: Nothing.
  /// - Throws: `FlowerError` with code `unsupported`.
  public func reference(for stage: RemoteStage) throws -> [NamedTensors] {
    throw FlowerError(
      .unsupported,
      "network.downlink_format: expected f32 or bf16 with clients that train nothing, got "
        + stage.configuration.network.downlinkFormat.rawValue
    )
  }

  /// Adds a number.
  ///
  /// - Parameters:
  ///   - task: The adapter.
  ///   - stage: Not looked at.
  /// - Returns: It, a thousandth of the client's number from 1 added to each of its numbers.
  public func train(_ task: ClientTask, in stage: RemoteStage) -> ClientUpdate {
    let own = 1e-3 * Float(1 + task.client)
    return ClientUpdate(
      client: task.client,
      round: task.round,
      adapter: task.adapter.map { layer in
        layer.map { _, tensor in
          Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 + own })
        }
      },
      report: TrainingReport(exampleCount: 1, tokenCount: 1, stepCount: 1, loss: 1)
    )
  }
}
