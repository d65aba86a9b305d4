/* The oracle: every function as its formula reads, in plain loops. Only gemm works in `real`, as
   its contract is about bits; everything else computes in double and rounds once. */
#include "kern/tables.h"

static void ref_gemm(int m, int n, int k, int accumulate, real *c, ptrdiff_t c_row, const real *a,
                     ptrdiff_t a_row, ptrdiff_t a_col, const real *b, ptrdiff_t b_row)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            real sum = accumulate ? c[i * c_row + j] : 0;
            for (int p = 0; p < k; p++)
                sum = real_fma(a[i * a_row + p * a_col], b[p * b_row + j], sum);
            c[i * c_row + j] = sum;
        }
}

static void ref_gemm_panels(int m, int n, int k, int accumulate, real *c, ptrdiff_t c_row,
                            const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *panels,
                            const real *start)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            c[i * c_row + j] = (accumulate ? c[i * c_row + j] : 0) + (start ? start[j] : 0);
    for (int j = 0; j < n; j += 2) /* its lanes are 1 */
        ref_gemm(m, n - j < 2 ? n - j : 2, k, 1, c + j, c_row, a, a_row, a_col,
                 panels + (ptrdiff_t)j * k, 2);
}

static void ref_transpose(int rows, int cols, real *out, ptrdiff_t out_row, const real *in,
                          ptrdiff_t in_row)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++)
            out[j * out_row + i] = in[i * in_row + j];
}

static void ref_copy_scaled(int rows, int cols, real *out, ptrdiff_t out_row, const real *in,
                            ptrdiff_t in_row, real factor)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++)
            out[i * out_row + j] = in[i * in_row + j] * factor;
}

static void ref_column_sums(int rows, int n, real *sum, const real *x, ptrdiff_t x_row)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < n; j++)
            sum[j] += x[i * x_row + j];
}

static void ref_column_dots(int rows, int n, real *sum, const real *x, const real *y, ptrdiff_t row)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < n; j++)
            sum[j] = real_fma(x[i * row + j], y[i * row + j], sum[j]);
}

static real ref_sum(int n, const real *x)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return (real)sum;
}

static real ref_dot(int n, const real *x, const real *y)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum = fma(x[i], y[i], sum);
    return (real)sum;
}

static real ref_max(int n, const real *x)
{
    real max = -(real)INFINITY;
    for (int i = 0; i < n; i++)
        if (x[i] > max || isnan(x[i]))
            max = x[i];
    return max;
}

static real ref_sum_squares(int n, const real *x)
{
    return ref_dot(n, x, x);
}

static void ref_add(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] += x[i];
}

static void ref_scale(int n, real *y, real a)
{
    for (int i = 0; i < n; i++)
        y[i] *= a;
}

static void ref_axpy(int n, real *y, real a, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] = real_fma(a, x[i], y[i]);
}

static void ref_multiply(int n, real *z, const real *x, const real *y)
{
    for (int i = 0; i < n; i++)
        z[i] = x[i] * y[i];
}

static real ref_exp_sum(int n, real *y, const real *x, real shift)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double e = exp((double)(x[i] - shift));
        y[i] = (real)e;
        sum += e;
    }
    return (real)sum;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double clamp(double x, double limit)
{
    return x < -limit ? -limit : x > limit ? limit : x;
}

/* 0.5 x (1 + tanh(u)) = x sigmoid(2u). Beyond 30 the sigmoid is 0 or 1, and the clamp keeps x^3
 * finite. */
static void ref_gelu(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++) {
        double t = clamp(x[i], 30);
        y[i] = (real)(x[i] * sigmoid(GELU_ROOT * (t + GELU_CUBIC * t * t * t)));
    }
}

static void ref_gelu_back(int n, real *dx, const real *dy, const real *x)
{
    for (int i = 0; i < n; i++) {
        double t = clamp(x[i], 30), u2 = GELU_ROOT * (t + GELU_CUBIC * t * t * t);
        double slope = GELU_ROOT * (1 + 3 * GELU_CUBIC * t * t);
        dx[i] = (real)(dy[i] * (sigmoid(u2) + t * sigmoid(u2) * sigmoid(-u2) * slope));
    }
}

static void ref_gelu_both(int n, real *y, real *slope, const real *x)
{
    for (int i = 0; i < n; i++) {
        const real one = 1, at = x[i];
        ref_gelu(1, y + i, &at);
        ref_gelu_back(1, slope + i, &one, &at);
    }
}

static void ref_relu(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

static void ref_relu_back(int n, real *dx, const real *dy, const real *x)
{
    for (int i = 0; i < n; i++)
        dx[i] = dy[i] * (isnan(x[i]) ? x[i] : x[i] > 0);
}

static void ref_tanh(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] = (real)tanh((double)x[i]);
}

static void ref_tanh_back(int n, real *dx, const real *dy, const real *y)
{
    for (int i = 0; i < n; i++)
        dx[i] = (real)(dy[i] * (1 - (double)y[i] * y[i]));
}

static void ref_sigmoid(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] = (real)sigmoid(x[i]);
}

static void ref_silu(int n, real *y, const real *x)
{
    for (int i = 0; i < n; i++)
        y[i] = (real)(x[i] * sigmoid(x[i]));
}

static void ref_silu_back(int n, real *dx, const real *dy, const real *x)
{
    for (int i = 0; i < n; i++) {
        double t = clamp(x[i], 700);
        dx[i] = (real)(dy[i] * sigmoid(t) * (1 + t * sigmoid(-t)));
    }
}

static void ref_silu_gate_both(int n, real *y, real *by_gate, real *by_value, const real *gate,
                               const real *value)
{
    for (int i = 0; i < n; i++) {
        const real at = gate[i], factor = value[i];
        real silu;
        ref_silu(1, &silu, &at);
        ref_silu_back(1, by_gate + i, &factor, &at);
        y[i] = silu * factor;
        by_value[i] = silu;
    }
}

static void ref_silu_gate(int n, real *y, const real *gate, const real *value)
{
    for (int i = 0; i < n; i++)
        y[i] = (real)(gate[i] * sigmoid(gate[i]) * value[i]);
}

static void ref_rotate(int rows, int n, real *x, ptrdiff_t x_row, const real *turns,
                       ptrdiff_t turns_row, int back)
{
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < n; i += 2) {
            double along = x[r * x_row + i], across = x[r * x_row + i + 1];
            double cosine = turns[r * turns_row + i], sine = turns[r * turns_row + i + 1];
            sine = back ? -sine : sine;
            x[r * x_row + i] = (real)(along * cosine - across * sine);
            x[r * x_row + i + 1] = (real)(along * sine + across * cosine);
        }
}

static void ref_layer_norm(int n, real *y, real *xhat, real *inverse, const real *x,
                           const real *gain, const real *bias, real eps)
{
    double mean = 0, var = 0;
    for (int i = 0; i < n; i++)
        mean += x[i];
    mean /= n;
    for (int i = 0; i < n; i++)
        var += (x[i] - mean) * (x[i] - mean);
    double inv = 1 / sqrt(var / n + eps);
    for (int i = 0; i < n; i++) {
        double hat = (x[i] - mean) * inv;
        xhat[i] = (real)hat;
        y[i] = (real)(hat * gain[i] + (bias ? bias[i] : 0));
    }
    *inverse = (real)inv;
}

static void ref_layer_norm_back(int n, real *dx, const real *dy, const real *xhat, real inverse,
                                const real *gain)
{
    double mean = 0, along = 0;
    for (int i = 0; i < n; i++) {
        double d = (double)dy[i] * gain[i];
        mean += d;
        along += d * xhat[i];
    }
    mean /= n;
    along /= n;
    for (int i = 0; i < n; i++)
        dx[i] = (real)(dx[i] + inverse * ((double)dy[i] * gain[i] - mean - xhat[i] * along));
}

static void ref_rms_norm(int n, real *y, real *xhat, real *inverse, const real *x, const real *gain,
                         real eps)
{
    double square = 0;
    for (int i = 0; i < n; i++)
        square += (double)x[i] * x[i];
    double inv = 1 / sqrt(square / n + eps);
    for (int i = 0; i < n; i++) {
        xhat[i] = (real)(x[i] * inv);
        y[i] = (real)(x[i] * inv * gain[i]);
    }
    *inverse = (real)inv;
}

static void ref_rms_norm_back(int n, real *dx, const real *dy, const real *xhat, real inverse,
                              const real *gain)
{
    double along = 0;
    for (int i = 0; i < n; i++)
        along += (double)dy[i] * gain[i] * xhat[i];
    along /= n;
    for (int i = 0; i < n; i++)
        dx[i] = (real)(dx[i] + inverse * ((double)dy[i] * gain[i] - xhat[i] * along));
}

static real ref_cross_entropy(int n, real *dlogits, const real *logits, int target, real weight)
{
    double max = ref_max(n, logits), sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp(logits[i] - max);
    if (dlogits)
        for (int i = 0; i < n; i++)
            dlogits[i] = (real)((exp(logits[i] - max) / sum - (i == target)) * weight);
    return (real)(log(sum) - (logits[target] - max));
}

static void ref_lstm_cell(int n, real *gates, real *cell, real *tanh_cell, real *hidden,
                          const real *pre, const real *before)
{
    for (int j = 0; j < n; j++) {
        double i = sigmoid(pre[j]), f = sigmoid(pre[n + j]), o = sigmoid(pre[3 * n + j]);
        double g = tanh((double)pre[2 * n + j]), c = f * before[j] + i * g;
        gates[j] = (real)i;
        gates[n + j] = (real)f;
        gates[2 * n + j] = (real)g;
        gates[3 * n + j] = (real)o;
        cell[j] = (real)c;
        tanh_cell[j] = (real)tanh(c);
        hidden[j] = (real)(o * tanh(c));
    }
}

static void ref_lstm_cell_back(int n, real *dgates, real *dcell, const real *dhidden,
                               const real *gates, const real *tanh_cell, const real *before)
{
    for (int j = 0; j < n; j++) {
        double i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j];
        double t = tanh_cell[j], d = dcell[j] + dhidden[j] * o * (1 - t * t);
        dgates[j] = (real)(d * g * i * (1 - i));
        dgates[n + j] = (real)(d * before[j] * f * (1 - f));
        dgates[2 * n + j] = (real)(d * i * (1 - g * g));
        dgates[3 * n + j] = (real)(dhidden[j] * t * o * (1 - o));
        dcell[j] = (real)(d * f);
    }
}

static double ref_wide_squares(size_t n, const real *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * x[i];
    return sum;
}

static void ref_adamw(size_t n, real *w, real *m, real *v, const real *g, const struct adamw *a)
{
    double beta1 = a->beta1, beta2 = a->beta2;
    for (size_t i = 0; i < n; i++) {
        double gradient = (double)g[i] * a->gradient_scale;
        double mean = beta1 * m[i] + (1 - beta1) * gradient;
        double square = beta2 * v[i] + (1 - beta2) * gradient * gradient;
        double step = mean / a->correction1 / (sqrt(square / a->correction2) + a->eps);
        m[i] = (real)mean;
        v[i] = (real)square;
        w[i] = (real)(w[i] - a->learning_rate * (step + (double)a->decay * w[i]));
    }
}

static void ref_sgd(size_t n, real *w, real *m, const real *g, real learning_rate, real momentum,
                    real decay, real gradient_scale)
{
    for (size_t i = 0; i < n; i++) {
        double mean =
            (double)momentum * m[i] + (double)gradient_scale * g[i] + (double)decay * w[i];
        m[i] = (real)mean;
        w[i] = (real)(w[i] - learning_rate * mean);
    }
}

static real ref_peak(int64_t rounds, real a, real b)
{
    double sum = 0;
    real x[KERN_PEAK_CHAINS];
    for (int i = 0; i < KERN_PEAK_CHAINS; i++)
        x[i] = (real)i;
    for (int64_t r = 0; r < rounds; r++)
        for (int i = 0; i < KERN_PEAK_CHAINS; i++)
            x[i] = real_fma(x[i], a, b);
    for (int i = 0; i < KERN_PEAK_CHAINS; i++)
        sum += x[i];
    return (real)sum;
}

const struct kern kern_table_ref = {
    .isa = ISA_REF,
    .name = "ref",
    .lanes = 1,
    .gemm = ref_gemm,
    .gemm_panels = ref_gemm_panels,
    .transpose = ref_transpose,
    .copy_scaled = ref_copy_scaled,
    .column_sums = ref_column_sums,
    .column_dots = ref_column_dots,
    .sum = ref_sum,
    .dot = ref_dot,
    .max = ref_max,
    .sum_squares = ref_sum_squares,
    .add = ref_add,
    .scale = ref_scale,
    .axpy = ref_axpy,
    .multiply = ref_multiply,
    .exp_sum = ref_exp_sum,
    .gelu = ref_gelu,
    .gelu_back = ref_gelu_back,
    .gelu_both = ref_gelu_both,
    .relu = ref_relu,
    .relu_back = ref_relu_back,
    .tanh = ref_tanh,
    .tanh_back = ref_tanh_back,
    .sigmoid = ref_sigmoid,
    .silu = ref_silu,
    .silu_back = ref_silu_back,
    .silu_gate = ref_silu_gate,
    .silu_gate_both = ref_silu_gate_both,
    .rotate = ref_rotate,
    .layer_norm = ref_layer_norm,
    .layer_norm_back = ref_layer_norm_back,
    .rms_norm = ref_rms_norm,
    .rms_norm_back = ref_rms_norm_back,
    .cross_entropy = ref_cross_entropy,
    .lstm_cell = ref_lstm_cell,
    .lstm_cell_back = ref_lstm_cell_back,
    .wide_squares = ref_wide_squares,
    .adamw = ref_adamw,
    .sgd = ref_sgd,
    .peak = ref_peak,
};
