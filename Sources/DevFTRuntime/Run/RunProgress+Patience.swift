extension RunProgress {
  /// Whether the last evaluations of the stage brought no new lowest loss.
  ///
  /// Told from the records alone, so that a resumed run ends where an uninterrupted one does.
  ///
  /// - Parameter patience: Evaluations without a new lowest loss that are too many; 0: never too many.
  /// - Returns: Whether the run should end.
  func isStalled(patience: Int) -> Bool {
    guard patience > 0 else { return false }
    let losses = records.filter { $0.stage == stage && $0.skipped == nil }
      .compactMap(\.heldOutLoss)
    var (lowest, since) = (Double.infinity, 0)
    for loss in losses {
      since = loss < lowest ? 0 : since + 1
      lowest = min(lowest, loss)
    }
    return since >= patience
  }
}
