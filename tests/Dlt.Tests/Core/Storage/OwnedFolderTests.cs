using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Storage;

/// <summary>Temporary files of a killed process go with the next one.</summary>
public sealed class OwnedFolderTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_folder_whose_owner_was_killed_is_removed_and_those_of_live_owners_stay()
    {
        using var live = new OwnedFolder(_root.Path);
        File.WriteAllText(Path.Combine(live.Path, "rows.parquet"), "live");
        _root.Write($"{OwnedFolder.Prefix}killed/.owner", "");
        _root.Write($"{OwnedFolder.Prefix}killed/deep/rows.parquet", "big");
        _root.Write("of-another-program/.owner", "");
        using var next = new OwnedFolder(_root.Path);
        Assert.Equal(
            new[] { live.Path, next.Path, _root.File("of-another-program") }.Order(StringComparer.Ordinal),
            Directory.GetDirectories(_root.Path).Order(StringComparer.Ordinal));
        Assert.Equal("live", File.ReadAllText(Path.Combine(live.Path, "rows.parquet")));
    }

    [Fact]
    public void A_folder_goes_when_its_process_ends()
    {
        var folder = new OwnedFolder(_root.Path);
        File.WriteAllText(Path.Combine(folder.Path, "rows.parquet"), "rows");
        folder.Dispose();
        Assert.Empty(Directory.GetDirectories(_root.Path));
    }
}
