using Dlt.Iceberg;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Merging;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Staging;

/// <summary>The codec of data files, of those that are written again too.</summary>
public sealed class CodecTests : ItemsMergeTests
{
    private static readonly (string, string) Snappy = ("NORMALIZE__DATA_WRITER__COMPRESSION", "snappy");

    [Theory, InlineData(null, "SNAPPY"), InlineData("gzip", "GZIP")]
    public async Task A_merge_and_a_compaction_keep_the_codec_of_the_setting_unless_the_table_has_another(string? own, string codec)
    {
        var hints = Merge();
        if (own is not null) hints = hints with { TableProperties = hints.TableProperties.Add("write.parquet.compression-codec", own) };
        await On("a").RunAsync(Items(hints, "1 1", "2 2"), settings: Snappy);
        await On("a").RunAsync(Items(hints, "2 3"), settings: Snappy);
        Assert.Contains(codec, await CodecsAsync());
        await (await OpenAsync("items")).CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
        Assert.Equal(codec, Assert.Single(await CodecsAsync()));
    }

    private async Task<List<string>> CodecsAsync()
    {
        var files = await (await OpenAsync("items")).Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation);
        var paths = files.Select(f => ((FolderObjectStore)Account.Objects).PathOf(ObjectLocation.Parse(f.File.FilePath)));
        return [.. paths.SelectMany(p => Duck.Values($"SELECT DISTINCT compression FROM parquet_metadata('{p}')")).Distinct()];
    }
}
