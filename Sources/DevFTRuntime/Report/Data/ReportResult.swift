/// What one method ended with; `nil` where it was not measured.
public struct ReportResult: Codable, Equatable, Sendable {
  /// Name of the method, or of the base model.
  public var method: String
  /// Held-out loss of the full model, nats per token.
  public var heldOutLoss: Double?
  /// Share of held-out examples answered exactly, in `0 ... 1`.
  public var exactMatch: Double?
  /// Wall time of the run in seconds.
  public var seconds: Double?
  /// Bytes that all clients sent.
  public var bytesUp: Int?
  /// Bytes that all clients received.
  public var bytesDown: Int?
  /// Largest resident size of the process in bytes.
  public var peakMemory: Int?

  /// Creates a row without numbers.
  ///
  /// - Parameter method: Name of the method, or of the base model.
  public init(method: String) { self.method = method }
}
