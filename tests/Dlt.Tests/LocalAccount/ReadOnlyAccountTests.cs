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
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("Nothing is read-only for this user.");
            return;
        }

        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
        var folders = Directory.GetDirectories(Account.Folder, "*", SearchOption.AllDirectories).Append(Account.Folder).ToList();
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        foreach (var file in Directory.GetFiles(Account.Folder)) File.SetUnixFileMode(file, UnixFileMode.UserRead);
        foreach (var folder in folders) File.SetUnixFileMode(folder, readable);
        try
        {
            Assert.Equal("1", await Machine.ValuesAsync(Account, "SELECT id FROM items"));
        }
        finally
        {
            foreach (var folder in folders) File.SetUnixFileMode(folder, readable | UnixFileMode.UserWrite);
        }
    }

    private static List<string> FilesOf(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
