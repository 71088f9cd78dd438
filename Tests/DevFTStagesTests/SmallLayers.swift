import DevFTStages
import DevFTTensor
import _DevFTTestSupport

/// A layer with a matrix, a norm gain and an adapter, different for every index.
func smallLayer(_ index: Int) -> NamedTensors {
  let phase = 1.7 * Double(index)
  return NamedTensors([
    "norm.weight": fixedTensor(shape: [3], phase: phase + 0.1),
    "proj.lora_A.weight": fixedTensor(shape: [2, 3], phase: phase + 0.2),
    "proj.lora_B.weight": fixedTensor(shape: [4, 2], phase: phase + 0.3),
    "proj.weight": fixedTensor(shape: [4, 3], phase: phase + 0.4),
  ])
}

/// Layers with one vector of three elements each, called `a` but no adapter: a matrix `[1, 3]`.
func vectorLayers(_ vectors: [[Float]], name: String = "a") throws -> LayersInMemory {
  try LayersInMemory(vectors.map { NamedTensors([name: Tensor(shape: [1, 3], elements: $0)]) })
}

/// A similarity that wanders smoothly with both signs: no two entries alike.
func wavySimilarity(layerCount: Int, phase: Double = 0) throws -> SimilarityMatrix {
  let numbers = fixedTensor(shape: [layerCount, layerCount], phase: phase)
  let rows = (0..<layerCount).map { row in
    (0..<layerCount).map { column in
      let index = max(row, column) * layerCount + min(row, column)
      return row == column ? 1 : 0.3 + 0.4 * Double(numbers.elements[index])
    }
  }
  return try SimilarityMatrix(rows: rows)
}

/// A layer whose matrices are read and multiplied in several ranges, the last ones shorter.
func tallLayer(_ index: Int) -> NamedTensors {
  let phase = 1.3 * Double(index)
  return NamedTensors([
    "norm.weight": fixedTensor(shape: [701], phase: phase + 0.1),
    "proj.lora_A.weight": fixedTensor(shape: [4, 701], phase: phase + 0.2),
    "proj.lora_B.weight": fixedTensor(shape: [503, 4], phase: phase + 0.3),
    "proj.weight": fixedTensor(shape: [503, 701], phase: phase + 0.4),
  ])
}

/// Runs a function with a number of threads and puts the former number back.
func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
  let former = Threads.count
  defer { Threads.count = former }
  Threads.count = count
  return try body()
}
