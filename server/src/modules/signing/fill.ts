import { type Language, type PaperTemplate, type PaperText } from '@openvtm/protocol';

/** What stands in the place of `{{name}}`; a name that is missing was not filled in. */
export type Fillings = ReadonlyMap<string, string>;

const NOT_GIVEN = { 'zh-CN': '（未填写）', en: '(not given)' };

/** The words of a template in one language. What is put in is never looked at again: braces in a name stay braces. */
export function fillPaper(
  template: Pick<PaperTemplate, 'title' | 'sections'>,
  { language, fillings }: { language: Language; fillings: Fillings },
): PaperText {
  const fill = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => fillings.get(name) || NOT_GIVEN[language]);
  return {
    title: fill(template.title[language]),
    sections: template.sections.map(({ heading, paragraphs }) => ({
      heading: fill(heading[language]),
      paragraphs: paragraphs.map((paragraph) => fill(paragraph[language])),
    })),
  };
}
