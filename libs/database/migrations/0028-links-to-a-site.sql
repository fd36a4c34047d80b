-- Job brokerage reads the links that lead to a nucleus, once per cycle. Lock impact: writers of the matrix wait while it is built.
create index if not exists network_matrix_kv_dst_key on doma_panda.network_matrix_kv (dst, key);
