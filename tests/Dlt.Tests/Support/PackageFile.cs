using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dlt.Tests.Support;

/// <summary>Checks a package as a registry would show it.</summary>
internal static partial class PackageFile
{
    /// <summary>Asserts that a package has a description, a licence, no dead address, and its symbols next to it.</summary>
    /// <param name="path">The <c>.nupkg</c>.</param>
    /// <param name="symbols">The name of a file of symbols.</param>
    /// <param name="documentation">The assembly with XML documentation; null when the package needs none.</param>
    public static void AssertComplete(string path, string symbols, Assembly? documentation)
    {
        using var package = ZipFile.OpenRead(path);
        var manifest = XDocument.Parse(Read(package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal))));
        var facts = manifest.Descendants().ToLookup(fact => fact.Name.LocalName);
        Assert.Equal("Apache-2.0", Assert.Single(facts["license"]).Value);
        Assert.NotEmpty(Assert.Single(facts["tags"]).Value);
        Assert.NotEqual("Package Description", Assert.Single(facts["description"]).Value);
        Assert.Empty(facts["projectUrl"]);
        Assert.Equal("README.md", Assert.Single(facts["readme"]).Value);
        var name = Regex.Match(Path.GetFileName(path), @"^Dlt(\.[A-Z]\w+)*").Value;
        Assert.StartsWith($"# {name}\n", Read(package.GetEntry("README.md")!), StringComparison.Ordinal);
        using var beside = ZipFile.OpenRead(Path.ChangeExtension(path, ".snupkg"));
        Assert.Contains(beside.Entries, entry => entry.Name == symbols);
        if (documentation is null) return;
        AssertDocumentation(XDocument.Parse(Read(package.Entries.Single(entry => entry.Name == name + ".xml"))), documentation);
    }

    /// <summary>Asserts that every public member is documented without references to internal papers.</summary>
    private static void AssertDocumentation(XDocument documentation, Assembly assembly)
    {
        var members = documentation.Descendants("member").ToList();
        Assert.NotEmpty(members);
        foreach (var member in members)
        {
            var name = member.Attribute("name")!.Value;
            Assert.False(WorkingPaper().IsMatch(member.ToString()), $"{name} refers to a paper that users do not have:\n{member}");
            if (!name.StartsWith("T:", StringComparison.Ordinal)) continue;
            Assert.True(TypeOf(assembly, name[2..]).IsVisible, $"{name} is not public.");
        }

        var documented = members.Select(member => member.Attribute("name")!.Value).ToHashSet();
        Assert.All(assembly.GetExportedTypes().Where(type => !type.IsNested), type => Assert.Contains("T:" + type.FullName, documented));
    }

    /// <summary>Name of a type in XML documentation: a nested type has a point where reflection has a plus.</summary>
    private static Type TypeOf(Assembly assembly, string name) =>
        assembly.GetTypes().First(type => type.FullName!.Replace('+', '.') == name);

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\bspec/|\bdesign\.md|\bdesign \d|\.\./shared|\bfindings\b")]
    private static partial Regex WorkingPaper();
}
