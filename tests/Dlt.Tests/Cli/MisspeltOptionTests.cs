using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>A misspelt option that <c>dlt load</c> would read as a file.</summary>
public sealed class MisspeltOptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'--locl'", "'--local'", "--table", "t", "--locl")]
    [InlineData("'--on-eror'", "'--on-error'", "--table", "t", "--local", "--on-eror", "reject")]
    [InlineData("'--tabel'", "'--table'", "--tabel", "ev", "--local")]
    [InlineData("'--tabel'", "'--table'", "--tabel=ev", "--local")]
    [InlineData("'--debgu'", "'--debug'", "--table", "t", "--debgu", "--local")]
    public async Task A_misspelt_option_is_named_with_the_nearest_one(string word, string nearest, params string[] arguments)
    {
        _folder.Write("x.jsonl", "{\"a\":1}\n");
        var result = await DltCommand.RunAsync(_folder.Path, ["load", "x.jsonl", "--dataset", "d", .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"There is no option {word}", result.Error, StringComparison.Ordinal);
        Assert.Contains($"Did you mean {nearest}?", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
    }

    [Fact]
    public async Task A_file_may_have_a_name_that_looks_like_an_option()
    {
        _folder.Write("-x.jsonl", "{\"a\":1}\n");
        (await DltCommand.RunAsync(_folder.Path, "load", "-x.jsonl", "--dataset", "d", "--table", "t", "--local")).Succeeded();
    }
}
