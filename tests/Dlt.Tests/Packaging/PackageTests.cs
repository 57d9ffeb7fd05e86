using System.Reflection;
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

    public static TheoryData<string> Packages() => [.. PackedFeed.Packages];
}
