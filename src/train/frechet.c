#include "train/judge.h"

#include <math.h>

enum { F = JUDGE_FEATURES, SWEEPS = 60 };

/* Turn rows and columns p and q of the symmetric `a` so that a[p][q] becomes 0, and the columns of v. */
static void rotate(double a[F][F], double v[F][F], int p, int q)
{
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (int i = 0; i < F; i++) {
        double ip = a[i][p], iq = a[i][q];
        a[i][p] = c * ip - s * iq;
        a[i][q] = s * ip + c * iq;
    }
    for (int i = 0; i < F; i++) {
        double pi = a[p][i], qi = a[q][i], vp = v[i][p], vq = v[i][q];
        a[p][i] = c * pi - s * qi;
        a[q][i] = s * pi + c * qi;
        v[i][p] = c * vp - s * vq;
        v[i][q] = s * vp + c * vq;
    }
}

/* a = v diag(a) v' by Jacobi's rotations (Golub and Van Loan, section 8.5). */
static void eigen(double a[F][F], double v[F][F])
{
    for (int i = 0; i < F; i++)
        for (int j = 0; j < F; j++)
            v[i][j] = i == j;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double off = 0, all = 0;
        for (int i = 0; i < F; i++)
            for (int j = 0; j < F; j++) {
                all += a[i][j] * a[i][j];
                off += i == j ? 0 : a[i][j] * a[i][j];
            }
        if (!(off > 1e-30 * all))
            return;
        for (int p = 0; p < F; p++)
            for (int q = p + 1; q < F; q++)
                if (fabs(a[p][q]) > 0)
                    rotate(a, v, p, q);
    }
}

static double root(double x)
{
    return x > 0 ? sqrt(x) : 0; /* rounding may leave a variance a little below 0 */
}

static void covariance(const struct moments *m, double c[F][F])
{
    double n = (double)m->count;
    for (int i = 0; i < F; i++)
        for (int j = 0; j < F; j++)
            c[i][j] = (m->products[i][j] - m->sum[i] * m->sum[j] / n) / (n - 1);
}

/* c = x y, or x y' */
static void multiply(double c[F][F], double x[F][F], double y[F][F], bool transposed)
{
    for (int i = 0; i < F; i++)
        for (int j = 0; j < F; j++) {
            c[i][j] = 0;
            for (int k = 0; k < F; k++)
                c[i][j] += x[i][k] * (transposed ? y[j][k] : y[k][j]);
        }
}

/* tr (A B)^(1/2) = tr (A^(1/2) B A^(1/2))^(1/2), of which every matrix is symmetric. */
static double trace_of_root(double a[F][F], double b[F][F])
{
    double v[F][F], half[F][F], left[F][F], scratch[F][F], sum = 0;
    eigen(a, v);
    for (int i = 0; i < F; i++)
        for (int j = 0; j < F; j++)
            scratch[i][j] = v[i][j] * root(a[j][j]);
    multiply(half, scratch, v, true);
    multiply(left, half, b, false);
    multiply(scratch, left, half, false);
    eigen(scratch, v);
    for (int i = 0; i < F; i++)
        sum += root(scratch[i][i]);
    return sum;
}

double frechet_distance(const struct moments *a, const struct moments *b)
{
    double x[F][F], y[F][F], distance = 0;
    covariance(a, x);
    covariance(b, y);
    for (int i = 0; i < F; i++) {
        double apart = a->sum[i] / (double)a->count - b->sum[i] / (double)b->count;
        distance += apart * apart + x[i][i] + y[i][i];
    }
    return distance - 2 * trace_of_root(x, y);
}
