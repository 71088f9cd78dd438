import Foundation

/// `gate / (1 + e^−gate) · up`.
func referenceSwiGLU(gate: [Double], up: [Double]) -> [Double] {
  zip(gate, up).map { $0.0 / (1 + exp(-$0.0)) * $0.1 }
}

/// Its gradients: `g up σ (1 + gate (1 − σ))` and `g gate σ`.
func referenceSwiGLUGradient(_ gradient: [Double], gate: [Double], up: [Double])
  -> (gate: [Double], up: [Double])
{
  let sigmoids = gate.map { 1 / (1 + exp(-$0)) }
  let byGate = gradient.indices.map { index in
    let sigmoid = sigmoids[index]
    return gradient[index] * up[index] * sigmoid * (1 + gate[index] * (1 - sigmoid))
  }
  let byUp = gradient.indices.map { gradient[$0] * gate[$0] * sigmoids[$0] }
  return (byGate, byUp)
}
