import DevFTTensor
import Synchronization
import Testing
import _DevFTTestSupport

@Suite("Results do not depend on the number of threads")
struct DeterminismTests {
  @Test("products", arguments: ProductShape.all, Precision.allCases)
  func products(_ shape: ProductShape, _ precision: Precision) {
    guard isAvailable(precision) else { return }
    let left = Matrix(
      fixedTensor(shape: [shape.rows, shape.inner]),
      precision: precision.operands
    )
    let right = Matrix(
      fixedTensor(shape: [shape.columns, shape.inner], phase: 1),
      precision: precision
    )
    let turned = Matrix(right.tensor.transposed(), precision: precision)
    expectSameForAllThreads {
      var sum = Tensor.product(left, right, transposingRight: true)
      sum.setProduct(left, turned, transposingRight: false, accumulates: true)
      return [sum]
    }
  }

  @Test("long inner axes, which a plan for several threads would split", arguments: [4096, 9973])
  func longInner(_ inner: Int) {
    let left = Matrix(fixedTensor(shape: [3, inner]), precision: .float32)
    let right = Matrix(fixedTensor(shape: [8, inner], phase: 1), precision: .float32)
    expectSameForAllThreads { [Tensor.product(left, right, transposingRight: true)] }
  }

  @Test("products inside a parallel loop", arguments: Precision.allCases)
  func nested(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let right = Matrix(fixedTensor(shape: [400, 1000], phase: 1), precision: precision)
    let lefts = (0..<4).map {
      Matrix(
        fixedTensor(shape: [3 + $0, 1000], phase: Double($0)),
        precision: precision.operands
      )
    }
    let products = Mutex([Int: Tensor]())
    parallelFor(lefts.count) { index in
      let product = Tensor.product(lefts[index], right, transposingRight: true)
      products.withLock { $0[index] = product }
    }
    for (index, left) in lefts.enumerated() {
      let alone = Tensor.product(left, right, transposingRight: true)
      #expect(products.withLock { $0[index] } == alone, "product \(index)")
    }
  }

  @Test("attention and its gradient", arguments: AttentionCase.all)
  func attention(_ shape: AttentionCase) {
    let (q, k, v) = shape.inputs()
    let segments = shape.segments()
    let gradient = fixedTensor(shape: q.shape, phase: 3)
    expectSameForAllThreads {
      let found = shape.kernel.gradient(gradient, q: q, k: k, v: v, segments: segments)
      let output = shape.kernel.forward(q: q, k: k, v: v, segments: segments)
      return [output, found.q, found.k, found.v]
    }
  }

  @Test("cross-entropy", arguments: CrossEntropyTests.shapes)
  func crossEntropy(_ rows: Int, _ vocabulary: Int) {
    let logits = fixedTensor(shape: [rows, vocabulary])
    let targets = (0..<rows).map { Int32($0 % vocabulary) }
    expectSameForAllThreads {
      var found = logits
      let losses = found.crossEntropy(targets: targets, gradientScale: 0.1)
      let bits = losses.map { $0.bitPattern }
      let halves = bits.flatMap { [UInt32($0 >> 32), UInt32(truncatingIfNeeded: $0)] }
      let packed = halves.map { Float(bitPattern: $0) }
      return [found, Tensor(shape: [packed.count], elements: packed)]
    }
  }

  @Test("norms, SwiGLU and rotations", arguments: RMSNormTests.shapes)
  func rows(_ rows: Int, _ width: Int) {
    let x = fixedTensor(shape: [rows, width])
    let (gain, gradient) = (
      fixedTensor(shape: [width], phase: 1), fixedTensor(shape: x.shape, phase: 2)
    )
    let table = RotaryTable(frequencies: [0.7], positionCount: rows)
    let positions = (0..<rows).map { Int32($0) }
    let pairs = fixedTensor(shape: [rows, 4])
    expectSameForAllThreads {
      var added = x
      added.addRMSNormGradient(gradient, input: x, gain: gain, epsilon: 1e-5)
      var rotated = pairs
      table.rotate(&rotated, positions: positions)
      let gated = Matrix.swiGLUGradient(
        Matrix(gradient, precision: .float32),
        gateUp: Matrix(sideBySide([x, gradient]), precision: .float32)
      )
      let normalised = x.rmsNormalised(gain: gain, epsilon: 1e-5)
      return [added, rotated, gated.tensor, normalised]
    }
  }

  /// Compares 2 and 3 threads, and a second run, with one thread, bit by bit.
  private func expectSameForAllThreads(
    _ body: () -> [Tensor],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let one = withThreads(1, body)
    for count in [1, 2, 3] {
      for (index, (found, wanted)) in zip(withThreads(count, body), one).enumerated() {
        expectSameBits(
          found,
          wanted,
          "\(count) threads, result \(index)",
          sourceLocation: sourceLocation
        )
      }
    }
  }
}
