using System.Text.RegularExpressions;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Dlt.State;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>Checks a whole account after runs of <see cref="KilledChild"/>.</summary>
/// <param name="account">The account.</param>
internal sealed partial class AccountContent(LocalAthena account)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All rows, in one line: a clean run gives <c>0123 0123 4 4 0123 0123 4 4 8 4 4 1 1 0 0 0 1</c>.</summary>
    public Task<string> RowsAsync() => Machine.ValuesAsync(account, """
        SELECT (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM appended)
            || ' ' || (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM commits)
            || ' ' || (SELECT count(*) FROM appended__tags t JOIN appended a ON t._dlt_parent_id = a._dlt_id)
            || ' ' || (SELECT count(*) FROM commits__tags t JOIN commits a ON t._dlt_parent_id = a._dlt_id)
            || ' ' || (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM merged WHERE v = 4)
            || ' ' || (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM updated WHERE v = 4)
            || ' ' || (SELECT count(*) FROM merged__tags t JOIN merged m ON t._dlt_parent_id = m._dlt_id)
            || ' ' || (SELECT count(*) FROM updated__tags t JOIN updated u ON t._dlt_parent_id = u._dlt_id)
            || ' ' || (SELECT (SELECT count(*) FROM merged__tags) + (SELECT count(*) FROM updated__tags))
            || ' ' || (SELECT string_agg(CAST(id AS varchar), '') FROM replaced)
            || ' ' || (SELECT string_agg(CAST(id AS varchar), '') FROM replaced_commits)
            || ' ' || (SELECT count(*) FROM replaced__tags t JOIN replaced r ON t._dlt_parent_id = r._dlt_id)
            || ' ' || (SELECT count(*) FROM replaced_commits__tags t JOIN replaced_commits r ON t._dlt_parent_id = r._dlt_id)
            || ' ' || (SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads)
            || ' ' || (SELECT count(*) FROM appended WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads))
            || ' ' || (SELECT count(*) FROM commits WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads))
            || ' ' || (SELECT count(*) FROM _dlt_version v WHERE v.version_hash =
                (SELECT schema_version_hash FROM _dlt_loads ORDER BY CAST(load_id AS double) DESC LIMIT 1))
        """);

    /// <summary>What the newest state knows: the items of one resource, and the last value of a cursor with its items.</summary>
    public async Task<string> SeenAsync()
    {
        var states = await Some.QueryAsync(account, """
            SELECT state FROM _dlt_pipeline_state WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads)
            ORDER BY CAST(_dlt_load_id AS double) DESC LIMIT 1
            """);
        var resources = StateJson.Decompress(states.Rows[0][0]!)["sources"]!["pipe"]!["resources"]!;
        var cursor = resources["commits"]!["incremental"]!["rev"]!;
        var seen = string.Concat(resources["appended"]!["seen"]!.Items.Select(i => i.AsString()));
        return $"{seen} {cursor["last_value"]} {cursor["unique_hashes"]!.Items.Length}";
    }

    /// <summary>
    /// The objects of the dataset that nothing uses: neither snapshots, nor complete loads, nor the bookkeeping. What a table uses is found
    /// by a walk of its own, not by the search for orphans.
    /// </summary>
    public async Task<List<string>> UnusedAsync()
    {
        var loads = (await Some.QueryAsync(account, "SELECT load_id FROM _dlt_loads")).Rows.Select(r => r[0]!)
            .ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal) { "ds/init", "ds/_dlt_lease/pipe.json" };
        var catalog = new GlueCatalog(account.Glue, account.Objects) { DataFileReader = new ParquetDataFileReader() };
        var external = new List<string>();
        await foreach (var table in account.Glue.GetTablesAsync("ds", Cancellation))
        {
            if (!table.IsIceberg)
            {
                external.Add(ObjectLocation.Parse(table.Location).Key.TrimEnd('/') + "/");
                continue;
            }

            var files = await ReachableFiles.OfAsync(await catalog.LoadTableAsync(new("ds", table.Name), Cancellation), Cancellation);
            used.UnionWith(files.Select(f => ObjectLocation.Parse(f).Key));
        }

        string[] folders = [.. external, "ds/_dlt_publish/"];
        bool IsUsed(string key) => used.Contains(key) || (folders.Any(f => key.StartsWith(f, StringComparison.Ordinal))
            && LoadId().Match(key) is { Success: true } load && loads.Contains(load.Value));
        return [.. (await Machine.KeysAsync(account, "ds/")).Where(k => !IsUsed(k))];
    }

    [GeneratedRegex(@"(?<=/)\d{10}\.\d+(?=\.)")]
    private static partial Regex LoadId();
}
