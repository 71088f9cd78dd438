extension ModelArchitecture {
  /// Checks the sizes of the attention against one another.
  ///
  /// - Parameter path: The model's file or directory, for messages.
  /// - Throws: `FormatError` with code `malformed`.
  func checkHeads(path: String) throws(FormatError) {
    guard keyValueHeadCount >= 1, headCount % keyValueHeadCount == 0 else {
      throw FormatError(
        .malformed,
        path: path,
        "\(headCount) query heads are no multiple of \(keyValueHeadCount) key/value heads"
      )
    }
    guard headWidth >= 2, headWidth % 2 == 0 else {
      throw FormatError(.malformed, path: path, "head width \(headWidth) is not even and positive")
    }
  }
}
