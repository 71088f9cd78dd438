import CDevFTKernels

extension Matrix {
  /// Expands stored rows once, for all products to come.
  ///
  /// - Parameters:
  ///   - rows: The rows; their pages are handed back.
  ///   - precision: Type of the numbers.
  public init(expanding rows: StoredRows, precision: Precision) {
    let storage: Storage
    let stack = StoredStack([rows])
    switch precision {
    case .float32:
      storage = .float32(
        unsafe stack.expanded { target, first, count, description in
          unsafe devft_expand_stored(description, first, count, 0, rows.columns, false, target)
        }
      )
    case .bfloat16:
      storage = .bfloat16(
        unsafe stack.expanded { target, first, count, description in
          unsafe devft_expand_stored(description, first, count, 0, rows.columns, true, target)
        }
      )
    case .int8: storage = .int8(Int8Rows(rounding: stack))
    }
    rows.releasePages()
    self.init(rows: rows.count, columns: rows.columns, storage: storage)
  }
}

extension Int8Rows {
  /// Rounds stored rows, a few at a time.
  init(rounding rows: StoredStack) {
    var scales = [Float](repeating: 0, count: rows.count)
    let numbers: [Int8] = unsafe scales.withUnsafeMutableBufferPointer { scales in
      let scales = scales.baseAddress
      return unsafe rows.expanded { target, first, count, description in
        guard let scales = unsafe scales else { return }
        let numbers = count * rows.columns
        // SAFETY: the space holds the block's rows, which are written before they are read.
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: numbers) { space in
          guard let space = space.baseAddress else { return }
          unsafe devft_expand_stored(description, first, count, 0, rows.columns, false, space)
          unsafe devft_quantise_rows_f32(space, target, scales + first, count, rows.columns)
        }
      }
    }
    self.init(numbers: numbers, scales: scales)
  }
}

extension StoredStack {
  /// An array of `count · columns` numbers that blocks of rows are written to in parallel.
  fileprivate func expanded<Number: BitwiseCopyable>(
    _ body: (
      _ target: UnsafeMutablePointer<Number>, _ first: Int, _ count: Int,
      _ description: UnsafePointer<devft_stored_stack>
    ) -> Void
  ) -> [Number] {
    unsafe withDescription { description in
      unsafe [Number](parallelRows: count, columns: columns, block: 16) { target, rows in
        unsafe body(target, rows.lowerBound, rows.count, description)
      }
    }
  }
}
