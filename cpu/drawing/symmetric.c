/* symmetric.c: all eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and
 * Van Loan, section 8.5). Slower than reduction to tridiagonal form from some ten rows on, but a
 * screen long, and small eigenvalues come out as exact as the matrix is. */
#include <math.h>

#include "cpu/drawing/laplacian.h"

enum { SWEEPS = 60 };

/* Make matrix[p][q] 0. */
static void rotate(double *matrix, int n, int p, int q, double *vectors) {
  const double off = matrix[p * n + q];
  const double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * off);
  const double t = copysign(1, theta) / (fabs(theta) + hypot(theta, 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int k = 0; k < n; k++) {
    const double a = matrix[p * n + k], b = matrix[q * n + k];
    matrix[p * n + k] = c * a - s * b;
    matrix[q * n + k] = s * a + c * b;
  }
  for (int k = 0; k < n; k++) {
    const double a = matrix[k * n + p], b = matrix[k * n + q];
    matrix[k * n + p] = c * a - s * b;
    matrix[k * n + q] = s * a + c * b;
  }
  for (int k = 0; k < n; k++) {
    const double a = vectors[k * n + p], b = vectors[k * n + q];
    vectors[k * n + p] = c * a - s * b;
    vectors[k * n + q] = s * a + c * b;
  }
  matrix[p * n + q] = matrix[q * n + p] = 0;
}

static void swap_vectors(double *values, double *vectors, int n, int a, int b) {
  const double value = values[a];
  values[a] = values[b];
  values[b] = value;
  for (int k = 0; k < n; k++) {
    const double entry = vectors[k * n + a];
    vectors[k * n + a] = vectors[k * n + b];
    vectors[k * n + b] = entry;
  }
}

void gli__symmetric_eigen(double *matrix, int n, double *values, double *vectors) {
  bool rotated = true;
  double largest = 0;
  for (int k = 0; k < n * n; k++) {
    vectors[k] = k / n == k % n;
    largest = fmax(largest, fabs(matrix[k]));
  }
  for (int sweep = 0; sweep < SWEEPS && rotated; sweep++) {
    rotated = false;
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        const double size = sqrt(fabs(matrix[p * n + p])) * sqrt(fabs(matrix[q * n + q]));
        if (fabs(matrix[p * n + q]) <= fmax(1e-17 * size, 1e-18 * largest)) continue;
        rotate(matrix, n, p, q, vectors);
        rotated = true;
      }
    }
  }
  for (int k = 0; k < n; k++)
    values[k] = matrix[k * n + k];
  for (int k = 0; k < n; k++) {
    int least = k;
    for (int j = k + 1; j < n; j++)
      least = values[j] < values[least] ? j : least;
    if (least != k) swap_vectors(values, vectors, n, k, least);
  }
}
