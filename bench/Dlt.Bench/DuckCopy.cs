using DuckDB.NET.Data;

namespace Dlt.Bench;

/// <summary>
/// The counterpart: DuckDB reads the file and copies it to Parquet; for nested data with child tables and ids, as a loader must make them.
/// </summary>
internal static class DuckCopy
{
    private const string Options = "(FORMAT parquet, COMPRESSION zstd)";

    public static void Run(string file, string input, string folder, int threads)
    {
        Directory.CreateDirectory(folder);
        using var connection = new DuckDBConnection($"DataSource=:memory:;threads={threads}");
        connection.Open();
        foreach (var sql in file == "B" ? Nested(input, folder) : Flat(input, folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private static string[] Flat(string input, string folder) =>
        [$"COPY (SELECT *, uuid() AS _dlt_id FROM read_ndjson('{input}')) TO '{folder}/a.parquet' {Options}"];

    private static string[] Nested(string input, string folder) =>
    [
        $"CREATE TEMP TABLE b AS SELECT *, uuid() AS _dlt_id FROM read_ndjson('{input}')",
        $"""
        COPY (SELECT id, type,
            actor.id AS actor__id, actor.login AS actor__login,
            actor.avatar.url AS actor__avatar__url, actor.avatar.size AS actor__avatar__size,
            repo.id AS repo__id, repo.name AS repo__name, repo.owner.id AS repo__owner__id, repo.owner.login AS repo__owner__login,
            payload.ref AS payload__ref, payload.size AS payload__size,
            payload.meta.distinctSize AS payload__meta__distinct_size, payload.meta.weight AS payload__meta__weight,
            payload.meta.info.lang AS payload__meta__info__lang, payload.meta.info.stars AS payload__meta__info__stars,
            public, createdAt AS created_at, _dlt_id
          FROM b) TO '{folder}/b.parquet' {Options}
        """,
        $"""
        COPY (SELECT c.sha, c.message, c.author.name AS author__name, c.author.email AS author__email, c.distinct AS distinct_,
            _dlt_parent_id, _dlt_list_idx, uuid() AS _dlt_id
          FROM (
            SELECT unnest(payload.commits) AS c, unnest(range(len(payload.commits))) AS _dlt_list_idx, _dlt_id AS _dlt_parent_id
            FROM b)) TO '{folder}/b__payload__commits.parquet' {Options}
        """,
        $"""
        COPY (SELECT unnest(labels) AS value, _dlt_id AS _dlt_parent_id, unnest(range(len(labels))) AS _dlt_list_idx,
            uuid() AS _dlt_id
          FROM b) TO '{folder}/b__labels.parquet' {Options}
        """,
    ];
}
