using Dlt.Local;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.LocalAccount;

/// <summary>A local account in a folder that this user may read and not write.</summary>
public sealed class ReadOnlyAccountTests : AccountTests
{
    private string Database => Path.Combine(Account.Folder, "glue.db");

    [Fact]
    public async Task A_catalog_is_read_without_a_file_beside_it_and_a_change_is_refused_by_name()
    {
        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
        var files = FilesOf(Account.Folder);
        var glue = SqliteGlueCatalog.OpenReadOnly(Database);
        Assert.Contains("items", await glue.GetTablesAsync("ds", Cancellation).Select(t => t.Name).ToListAsync(Cancellation));
        var error = await Assert.ThrowsAsync<DltException>(() => glue.CreateDatabaseAsync(new() { Name = "other" }, Cancellation));
        Assert.Contains("can be queried and not loaded into", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DltException>(() => glue.DeleteTableAsync("ds", "items", Cancellation));
        Assert.Equal(files, FilesOf(Account.Folder));
    }

    [Fact]
    public async Task An_account_without_the_right_to_write_is_queried()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Folders of Windows have no rights of this kind.");
            return;
        }

        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
        await using var readOnly = await ReadOnlyFolder.MakeAsync(Account.Folder);
        Assert.SkipWhen(readOnly is null, "This root may mount nothing.");
        Assert.ThrowsAny<SystemException>(() => File.WriteAllText(Path.Combine(Account.Folder, "new"), ""));
        Assert.Equal("1", await Machine.ValuesAsync(Account, "SELECT id FROM items"));
    }

    private static List<string> FilesOf(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
