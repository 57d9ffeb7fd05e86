using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using Dlt.Tests.Support;

namespace Dlt.Tests.Packaging;

/// <summary>The packages of <c>dotnet pack</c> are complete enough to be published.</summary>
public sealed class PackageTests(PackedFeed feed)
{
    [Fact]
    public async Task Packing_warns_of_nothing()
    {
        await feed.FolderAsync();
        Assert.DoesNotContain("warning", feed.Said, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_package_has_a_readme_a_licence_symbols_and_the_documentation_of_its_public_members(string package)
    {
        var path = Path.Combine(await feed.FolderAsync(), $"{package}.{feed.Version}.nupkg");
        PackageFile.AssertComplete(path, package + ".pdb", Assembly.Load(package));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_package_refers_to_our_other_packages_by_exact_version(string package)
    {
        var path = Path.Combine(await feed.FolderAsync(), $"{package}.{feed.Version}.nupkg");
        await using var archive = await ZipFile.OpenReadAsync(path, TestContext.Current.CancellationToken);
        var nuspec = archive.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        await using var text = await nuspec.OpenAsync(TestContext.Current.CancellationToken);
        var document = await XDocument.LoadAsync(text, LoadOptions.None, TestContext.Current.CancellationToken);
        var ours =
            from element in document.Descendants()
            where element.Name.LocalName == "dependency" && PackedFeed.Packages.Contains((string?)element.Attribute("id"))
            select (string?)element.Attribute("version");

        Assert.All(ours, version => Assert.Equal($"[{feed.Version}]", version));
    }

    public static TheoryData<string> Packages() => [.. PackedFeed.Packages];
}
