import CDevFTKernels

/// Stored matrices of equally long rows, one below the other.
package struct StoredStack: Sendable {
  private let parts: [StoredRows]

  /// Puts matrices below one another.
  ///
  /// - Parameter parts: At least one, all of rows of the same length.
  package init(_ parts: [StoredRows]) {
    precondition(
      parts.allSatisfy { $0.columns == parts[0].columns },
      "rows of \(parts.map(\.columns)) below one another"
    )
    self.parts = parts
  }

  /// These rows with others below.
  func stacked(on other: StoredStack) -> StoredStack { StoredStack(parts + other.parts) }

  /// Number of rows.
  package var count: Int { parts.reduce(0) { $0 + $1.count } }
  /// Numbers of a row.
  package var columns: Int { parts[0].columns }
  /// Bytes that the rows take in the file.
  package var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
  /// Parts of a row must begin at multiples of this.
  var blockLength: Int { parts.map(\.blockLength).max() ?? 1 }

  /// One row in float32.
  package func row(_ index: Int) -> [Float] {
    precondition((0..<count).contains(index), "row \(index) is outside 0 ..< \(count)")
    return unsafe withDescription { description in
      // SAFETY: the capacity is one row, which the call writes in full.
      unsafe [Float](unsafeUninitializedCapacity: columns) { target, filled in
        unsafe devft_expand_stored(description, index, 1, 0, columns, false, target.baseAddress)
        filled = columns
      }
    }
  }

  /// Lends the rows in C's form.
  func withDescription<Result>(
    _ body: (UnsafePointer<devft_stored_stack>) -> Result
  ) -> Result {
    unsafe describe(parts[...], []) { descriptions in
      var stack = unsafe devft_stored_stack(
        parts: descriptions.baseAddress,
        count: descriptions.count
      )
      return unsafe body(&stack)
    }
  }

  /// Hands the pages of mapped files back; they stay in the system's cache as long as it has room, and
  /// the next use finds them there.
  package func releasePages() {
    for part in parts { part.releasePages() }
  }

  private func describe<Result>(
    _ rest: ArraySlice<StoredRows>,
    _ done: [devft_stored_matrix],
    _ body: (UnsafeBufferPointer<devft_stored_matrix>) -> Result
  ) -> Result {
    guard let part = rest.first else {
      return unsafe done.withUnsafeBufferPointer { unsafe body($0) }
    }
    return unsafe part.withDescription { description in
      unsafe describe(rest.dropFirst(), done + [description], body)
    }
  }
}
