import Foundation

/// AdamW as in algorithm 2 of the paper, with the state it carries from step to step.
struct ReferenceAdamW {
  var parameters: [Double]
  var first: [Double]
  var second: [Double]

  init(parameters: [Double]) {
    self.parameters = parameters
    first = parameters.map { _ in 0 }
    second = first
  }

  mutating func step(
    _ number: Int,
    gradient: [Double],
    rate: Double,
    decay: Double,
    beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    for index in parameters.indices {
      let g = gradient[index]
      first[index] = beta1 * first[index] + (1 - beta1) * g
      second[index] = beta2 * second[index] + (1 - beta2) * g * g
      let mean = first[index] / (1 - pow(beta1, Double(number)))
      let square = second[index] / (1 - pow(beta2, Double(number)))
      parameters[index] -= rate * decay * parameters[index]
      parameters[index] -= rate * mean / (square.squareRoot() + epsilon)
    }
  }
}
