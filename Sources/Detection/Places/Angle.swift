/// Sines and arcs without the C library: to about six digits, which is metres on the ground.
enum Angle {
  static let pi = Double.pi

  static func radians(_ degrees: Double) -> Double { degrees * pi / 180 }

  /// The sine of an angle from -2π to 2π.
  static func sine(_ angle: Double) -> Double {
    var angle = angle.remainder(dividingBy: 2 * pi)
    if angle > pi / 2 { angle = pi - angle } else if angle < -pi / 2 { angle = -pi - angle }
    let square = angle * angle
    var (term, sum) = (angle, angle)
    for place in 1...7 {
      term *= -square / Double((2 * place) * (2 * place + 1))
      sum += term
    }
    return sum
  }

  static func cosine(_ angle: Double) -> Double { sine(angle + pi / 2) }

  /// The angle from 0 to π/2 whose sine is given, by halving.
  static func arcsine(_ sine: Double) -> Double {
    var (low, high) = (0.0, pi / 2)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if Angle.sine(middle) < sine { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
