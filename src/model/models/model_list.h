/* One line for each model kind: MODEL(identifier) registers model_<identifier>_ops. */
MODEL(transformer)
MODEL(cisformer)
MODEL(lstm)
MODEL(mlp)
MODEL(uvit)
