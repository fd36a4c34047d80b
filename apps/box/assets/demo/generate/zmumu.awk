# Toy event generator. Masses in GeV; the Z line shape is a Breit-Wigner of PDG mass and width, smeared by the detector.
function uniform() { return rand() }
function gauss(  u, v) { u = rand(); v = rand(); if (u < 1e-12) u = 1e-12; return sqrt(-2 * log(u)) * cos(2 * pi * v) }
function zmass(  m) {
  do { u = uniform() - 0.5; m = 91.1876 + 2.4952 / 2 * sin(pi * u) / cos(pi * u) } while (m < 60 || m > 120)
  return m
}
function background() { return 60 - 30 * log(1 - uniform() * (1 - exp(-2))) }
function asinh(x) { return x < 0 ? -log(-x + sqrt(x * x + 1)) : log(x + sqrt(x * x + 1)) }
# A muon of momentum p in direction (cosine c, azimuth f) of the pair's rest frame, boosted along the beam by rapidity y.
function muon(p, c, f, y,   pt, pz, e, boosted) {
  pt = p * sqrt(1 - c * c); pz = p * c; e = p
  boosted = pz * (exp(y) + exp(-y)) / 2 + e * (exp(y) - exp(-y)) / 2
  pt *= 1 + 0.01 * gauss()
  return sprintf("%.4f %.5f %.5f", pt, asinh(boosted / pt), f)
}
BEGIN {
  pi = atan2(0, -1)
  srand(seed)
  for (n = 0; n < events; n++) {
    m = uniform() < 0.7 ? zmass() : background()
    c = 1.8 * uniform() - 0.9; f = 2 * pi * uniform() - pi; y = 2 * uniform() - 1
    other = f > 0 ? f - pi : f + pi
    print muon(m / 2, c, f, y), muon(m / 2, -c, other, y)
  }
}
